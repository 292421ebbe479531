import type { Place, ProgramPart } from "./compiled.ts";
import { readNumbers } from "./vlq.ts";

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

/** The place in a source for one of the engine's, both from 1. */
export const mapPosition = (map: string | null, line: number, column: number): Place =>
  map === null ? { line, column } : place(readMap(map), line, column);

/** A place in one of the sources that a program is made of. */
export interface PlaceInFile extends Place {
  readonly file: string;
}

/** What stacks call a source that is not of the library. */
export const OWN_FILE = "script";

/** A source that is the whole of a program, or its beginning. */
export const firstPart = (file: string, map: string | null): ProgramPart => ({
  file,
  line: 1,
  moves: null,
  map,
  renamed: {},
});

const NO_PART = firstPart(OWN_FILE, null);

type FindPlace = (line: number, column: number) => PlaceInFile & { readonly part: ProgramPart };

/** Maps are read once, and only those of sources that are asked for. */
const placesOf = (parts: readonly ProgramPart[]): FindPlace => {
  const read = new Map<ProgramPart, readonly (readonly MappedLine[])[]>();
  return (line, column) => {
    const part = parts.findLast((candidate) => candidate.line <= line) ?? parts[0] ?? NO_PART;
    const maps =
      read.get(part) ?? [part.moves, part.map].flatMap((map) => (map === null ? [] : [readMap(map)]));
    read.set(part, maps);
    const start: Place = { line: line - part.line + 1, column };
    return { part, file: part.file, ...maps.reduce((at, map) => place(map, at.line, at.column), start) };
  };
};

/** The user's place for one of the engine's in a program, both from 1. */
export const placeIn = (parts: readonly ProgramPart[], line: number, column: number): PlaceInFile => {
  const found = placesOf(parts)(line, column);
  return { file: found.file, line: found.line, column: found.column };
};

type Shift = (line: number) => number;

const mapFrames = (parts: readonly ProgramPart[], text: string, frames: RegExp, shift: Shift): string => {
  const find = placesOf(parts);
  return text.replaceAll(
    frames,
    (_, at: string, name: string | undefined, open: string | undefined, line: string, column: string) => {
      const { part, ...found } = find(Number(line), Math.max(1, Number(column) + shift(Number(line))));
      const own = name !== undefined && Object.hasOwn(part.renamed, name) ? part.renamed[name] : name;
      return `${at}${own ?? ""}${open ?? ""}${found.file}:${found.line}:${found.column}`;
    },
  );
};

/** A stack whose frames in the program, `at NAME (script:LINE:COLUMN)`, name the places of the user's own sources. */
export const mapStack = (parts: readonly ProgramPart[], stack: string): string =>
  mapFrames(parts, stack, /^(at )(?:(.{0,400})( \())?script:(\d{1,9}):(\d{1,9})(?=\)?$)/gm, () => 0);

/** The same for the errors in a logged text, in which the engine's columns still stand: `shift` is what to add to them. */
export const mapLog = (parts: readonly ProgramPart[], text: string, shift: Shift): string =>
  mapFrames(parts, text, /^([ \t]*at )(?:(.{1,200})( \())?script:(\d{1,9}):(\d{1,9})(?=\)?,?$)/gm, shift);
