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

type Shift = (line: number) => number;

const mapFrames = (map: string | null, text: string, frames: RegExp, shift: Shift): string => {
  let lines: readonly MappedLine[] | undefined;
  return text.replaceAll(frames, (_, before: string, line: string, column: string) => {
    lines ??= map === null ? [] : readMap(map);
    const mapped = place(lines, Number(line), Math.max(1, Number(column) + shift(Number(line))));
    return `${before}script:${mapped.line}:${mapped.column}`;
  });
};

/** A stack whose frames in the user's script, `(script:LINE:COLUMN)`, name the places of the user's own source. */
export const mapStack = (map: string | null, stack: string): string =>
  map === null ? stack : mapFrames(map, stack, /([( ])script:(\d{1,9}):(\d{1,9})(?=\)?$)/gm, () => 0);

/** The same for the errors in a logged text, in which the engine's columns still stand: `shift` is what to add to them. */
export const mapLog = (map: string | null, text: string, shift: Shift): string =>
  mapFrames(map, text, /^([ \t]*at (?:.{1,200} \()?)script:(\d{1,9}):(\d{1,9})(?=\)?,?$)/gm, shift);
