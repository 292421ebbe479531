import type { Place } from "../compiled.ts";

const EDITOR_ENDS = ["\n", "\r"];
/** The engine also ends lines at LS and PS, outside of strings. */
export const ENGINE_ENDS: readonly string[] = [...EDITOR_ENDS, "\u2028", "\u2029"];

/** Offsets at which the lines of a text begin; CR LF is one end. By native searches, as this is metered time. */
export const lineStarts = (text: string, ends: readonly string[] = EDITOR_ENDS): readonly number[] => {
  const starts = [0];
  for (const end of ends) {
    for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) {
      if (end !== "\r" || text.charCodeAt(at + 1) !== 10) starts.push(at + 1);
    }
  }
  return starts.toSorted((a, b) => a - b);
};

/** The index of the last item that is not above `value`; -1 if all are. */
export const lastUpTo = (items: readonly number[], value: number): number => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/** Where each token that stripping kept stands: offsets in the code and in the source, both ascending. */
export interface Anchors {
  readonly code: readonly number[];
  readonly source: readonly number[];
}

/** Anchors of code that is the source. */
export const SAME: Anchors = { code: [0], source: [0] };

/** From an offset in stripped code to that in the source. */
export const sourceOffsets = (anchors: Anchors | null): ((offset: number) => number) => {
  if (anchors === null) return (offset) => offset;
  return (offset) => {
    const index = lastUpTo(anchors.code, offset);
    if (index < 0) return offset;
    // Code that was generated behind a token does not reach into the next.
    const at = (anchors.source[index] ?? 0) + offset - (anchors.code[index] ?? 0);
    return Math.min(at, anchors.source[index + 1] ?? Infinity);
  };
};

/** From an offset in the code that a parser saw to the place in what the user wrote. */
export type PlaceOf = (offset: number) => Place;

export const placesIn = (source: string, anchors: Anchors | null): PlaceOf => {
  const starts = lineStarts(source);
  const toSource = sourceOffsets(anchors);
  return (offset) => {
    const at = Math.max(0, Math.min(toSource(offset), source.length));
    const line = lastUpTo(starts, at);
    return { line: line + 1, column: at - (starts[line] ?? 0) + 1 };
  };
};
