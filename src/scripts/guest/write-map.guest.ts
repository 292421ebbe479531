import { writeNumber } from "../vlq.ts";
import { type Anchors, ENGINE_ENDS, lineStarts, SAME } from "./source-offsets.guest.ts";

/** What a run of non-ASCII units has in bytes of UTF-8 beyond its units: a surrogate counts as half of four. */
const extraBytes = (run: string): number => {
  let extra = 0;
  for (let at = 0; at < run.length; at += 1) {
    const unit = run.charCodeAt(at);
    extra += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return extra;
};

/** Each run of non-ASCII units: where it ends, and what it adds to the columns behind it. */
const wideRuns = (code: string): readonly { readonly end: number; readonly extra: number }[] =>
  [...code.matchAll(/[^\0-\x7f]+/g)].map((found) => ({
    end: found.index + found[0].length,
    extra: extraBytes(found[0]),
  }));

/**
 * The map of `code` onto its source in the format of `positions.ts`; `null` when every place is its own.
 * One pass over the anchors; only where the relation changes is something written, so that a line that nothing was
 * taken from costs one character.
 */
export const writeMap = (code: string, source: string, given: Anchors | null): string | null => {
  const runs = wideRuns(code);
  if (given === null && runs.length === 0) return null;
  const anchors = given ?? SAME;
  const codeLines = lineStarts(code, ENGINE_ENDS);
  const sourceLines = lineStarts(source);
  let text = "";
  const now = { line: 0, sourceLine: 0, run: 0, extra: 0 };
  let lineOffset = 0;
  let columnOffset = 0;
  const written = { line: 0, column: 0, sourceLine: 0, sourceColumn: 0 };
  let segments = 0;

  const note = (at: number, sourceAt: number): void => {
    while ((codeLines[now.line + 1] ?? Infinity) <= at) {
      now.line += 1;
      now.extra = 0;
      columnOffset = 0;
    }
    while ((sourceLines[now.sourceLine + 1] ?? Infinity) <= sourceAt) now.sourceLine += 1;
    const start = codeLines[now.line] ?? 0;
    for (let run = runs[now.run]; run !== undefined && run.end <= at; run = runs[now.run]) {
      if (run.end > start) now.extra += run.extra;
      now.run += 1;
    }
    const column = at - start + now.extra;
    const sourceColumn = sourceAt - (sourceLines[now.sourceLine] ?? 0);
    if (now.sourceLine - now.line === lineOffset && sourceColumn - column === columnOffset) return;
    lineOffset = now.sourceLine - now.line;
    columnOffset = sourceColumn - column;
    if (now.line > written.line) {
      text += ";".repeat(now.line - written.line);
      segments = 0;
    }
    text +=
      (segments > 0 ? "," : "") +
      writeNumber(column - (segments > 0 ? written.column : 0)) +
      writeNumber(now.sourceLine - written.sourceLine) +
      writeNumber(sourceColumn - written.sourceColumn);
    segments += 1;
    written.line = now.line;
    written.column = column;
    written.sourceLine = now.sourceLine;
    written.sourceColumn = sourceColumn;
  };

  let nextRun = 0;
  for (let index = 0; index < anchors.code.length; index += 1) {
    const at = anchors.code[index] ?? 0;
    const sourceAt = anchors.source[index] ?? 0;
    const until = anchors.code[index + 1] ?? Infinity;
    if (until === at) continue;
    note(at, sourceAt);
    for (let run = runs[nextRun]; run !== undefined && run.end < until; run = runs[nextRun]) {
      if (run.end > at)
        note(run.end, Math.min(sourceAt + run.end - at, anchors.source[index + 1] ?? source.length));
      nextRun += 1;
    }
  }
  return text === "" ? null : text;
};
