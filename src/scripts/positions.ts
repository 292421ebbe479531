import type { Place } from "./compiled.ts";

/**
 * A map says where the engine's code stands in the user's source. It reads like the `mappings` of a source map
 * (ECMA-426) without source indices: lines parted by `;`, segments by `,`, each three base64 VLQ numbers: the
 * generated column (from the segment before, 0 at a line's start), and the source's line and column (from the
 * segment before). A line, or the start of one, that no segment names stands at its own columns, as many lines
 * off as the segment before. Generated columns are bytes of UTF-8, as the engine counts; source columns UTF-16 units.
 */
interface Segment {
  readonly column: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

interface MappedLine {
  /** Source line minus generated line where no segment says. */
  readonly offset: number;
  readonly segments: readonly Segment[];
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const readNumbers = (text: string): readonly number[] => {
  const numbers: number[] = [];
  let value = 0;
  let shift = 1;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) * shift;
    shift *= 32;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 0 ? value / 2 : -(value - 1) / 2);
    value = 0;
    shift = 1;
  }
  return numbers;
};

const readMap = (map: string): readonly MappedLine[] => {
  let sourceLine = 0;
  let sourceColumn = 0;
  let offset = 0;
  return map.split(";").map((line, index) => {
    const start = offset;
    let column = 0;
    const segments =
      line === ""
        ? []
        : line.split(",").map((segment): Segment => {
            const [columns = 0, lines = 0, sourceColumns = 0] = readNumbers(segment);
            column += columns;
            sourceLine += lines;
            sourceColumn += sourceColumns;
            offset = sourceLine - index;
            return { column, sourceLine, sourceColumn };
          });
    return { offset: start, segments };
  });
};

const place = (lines: readonly MappedLine[], line: number, column: number): Place => {
  const mapped = lines[line - 1] ?? lines.at(-1);
  if (mapped === undefined) return { line, column };
  const last = mapped.segments.at(-1);
  if (line > lines.length) {
    return {
      line: Math.max(1, line + (last === undefined ? mapped.offset : last.sourceLine + 1 - lines.length)),
      column,
    };
  }
  const segment = mapped.segments.findLast((candidate) => candidate.column < column);
  return segment === undefined
    ? { line: Math.max(1, line + mapped.offset), column }
    : { line: segment.sourceLine + 1, column: segment.sourceColumn + column - segment.column };
};

/** The user's place for one of the engine's, both from 1. */
export const mapPosition = (map: string | null, line: number, column: number): Place =>
  map === null ? { line, column } : place(readMap(map), line, column);

/** A stack whose frames in the user's script, `(script:LINE:COLUMN)`, name the places of the user's own source. */
export const mapStack = (map: string | null, stack: string): string => {
  if (map === null) return stack;
  let lines: readonly MappedLine[] | undefined;
  return stack.replaceAll(
    /(?<=[( ])script:(\d{1,9}):(\d{1,9})(?=\)?$)/gm,
    (_, line: string, column: string) => {
      lines ??= readMap(map);
      const mapped = place(lines, Number(line), Number(column));
      return `script:${mapped.line}:${mapped.column}`;
    },
  );
};
