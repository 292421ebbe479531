import { utf8 } from "../../lib/bytes.ts";
import { writeNumber } from "../vlq.ts";

/** What takes the place of a piece of code: ascending, and none inside another. The lines of the piece stay. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Rewritten {
  readonly text: string;
  /** Where the text stands in the code, as `positions.ts` reads it, with bytes on both sides; `null` where it is the code. */
  readonly moves: string | null;
}

const lineEnds = (piece: string): string => piece.replaceAll(/[^\n\r\u2028\u2029]+/g, "");

/** Writes where each stretch of kept code begins: lines are the same on both sides. */
const createMoves = () => {
  let line = 0;
  let column = 0;
  let codeColumn = 0;
  const written = { line: 0, column: 0, codeLine: 0, codeColumn: 0 };
  let text = "";
  const advance = (piece: string): { readonly lines: number; readonly bytes: number } => {
    const last = piece.lastIndexOf("\n");
    return {
      lines: last < 0 ? 0 : piece.split("\n").length - 1,
      bytes: utf8(piece.slice(last + 1)).length,
    };
  };
  return {
    keep: (piece: string): void => {
      const { lines, bytes } = advance(piece);
      line += lines;
      column = (lines > 0 ? 0 : column) + bytes;
      codeColumn = (lines > 0 ? 0 : codeColumn) + bytes;
    },
    put: (piece: string, removed: string): void => {
      const put = advance(piece);
      const gone = advance(removed);
      line += put.lines;
      column = (put.lines > 0 ? 0 : column) + put.bytes;
      codeColumn = (gone.lines > 0 ? 0 : codeColumn) + gone.bytes;
      const isNewLine = line > written.line || text === "";
      text += text === "" || line > written.line ? ";".repeat(line - written.line) : ",";
      text +=
        writeNumber(column - (isNewLine ? 0 : written.column)) +
        writeNumber(line - written.codeLine) +
        writeNumber(codeColumn - written.codeColumn);
      Object.assign(written, { line, column, codeLine: line, codeColumn });
    },
    text: (): string | null => (text === "" ? null : text),
  };
};

/** Throws where edits are not as promised: the compiler that told of their places would be at fault. */
export const rewrite = (code: string, edits: readonly Edit[]): Rewritten => {
  const moves = createMoves();
  const pieces: string[] = [];
  let at = 0;
  for (const { from, to, text } of edits) {
    if (from < at || to < from || to > code.length) throw new Error("A unit's shape does not fit its code.");
    const kept = code.slice(at, from);
    const removed = code.slice(from, to);
    const put = text + lineEnds(removed);
    moves.keep(kept);
    moves.put(put, removed);
    pieces.push(kept, put);
    at = to;
  }
  pieces.push(code.slice(at));
  return { text: pieces.join(""), moves: moves.text() };
};
