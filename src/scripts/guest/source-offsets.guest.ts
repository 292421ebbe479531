import type { Place } from "../compiled.ts";

/** Offsets at which the lines of a text begin; a line ends in LF, CR LF or CR, as editors count. */
const lineStarts = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
};

/** The index of the last item that is not above `value`; -1 if all are. */
const lastUpTo = (items: readonly number[], value: number): number => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/** Where each token that stripping kept stands: offsets in the code (ascending) and in the source. */
export interface Anchors {
  readonly code: readonly number[];
  readonly source: readonly number[];
}

/** From offsets in the code that a parser saw to places in what the user wrote. */
export interface SourceOffsets {
  /** Where the code begins in the source. */
  readonly start: number;
  /** The offset in the code of the anchor of this index; Infinity beyond the last. */
  readonly anchorAt: (index: number) => number;
  readonly placeOf: (offset: number) => Place;
}

export const sourceOffsets = (source: string, anchors: Anchors | null): SourceOffsets => {
  const starts = lineStarts(source);
  const toSource = (offset: number): number => {
    if (anchors === null) return offset;
    const index = lastUpTo(anchors.code, offset);
    if (index < 0) return Math.min(offset, anchors.source[0] ?? offset);
    const at = (anchors.source[index] ?? 0) + offset - (anchors.code[index] ?? 0);
    return Math.min(at, anchors.source[index + 1] ?? source.length);
  };
  return {
    start: toSource(0),
    anchorAt: (index) => anchors?.code[index] ?? Infinity,
    placeOf: (offset) => {
      const at = Math.max(0, Math.min(toSource(offset), source.length));
      const line = lastUpTo(starts, at);
      return { line: line + 1, column: at - (starts[line] ?? 0) + 1 };
    },
  };
};
