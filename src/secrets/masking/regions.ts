/** A stretch of the input that goes: what was found there, merged where it overlaps or touches. */
export interface Region {
  readonly start: number;
  readonly end: number;
  /** The longest of what was found in it, by its number and length; of two as long, the lower number. */
  readonly pattern: number;
  readonly length: number;
}

const merge = (left: Region, right: Region): Region => {
  const isLeft = left.length > right.length || (left.length === right.length && left.pattern < right.pattern);
  const { pattern, length } = isLeft ? left : right;
  return { start: Math.min(left.start, right.start), end: Math.max(left.end, right.end), pattern, length };
};

/** Regions in their order, none touching another. What is added ends at, or not far before, the end of the last. */
export const createRegions = () => {
  const regions: Region[] = [];
  return {
    add: (start: number, end: number, pattern: number): void => {
      let merged: Region = { start, end, pattern, length: end - start };
      let to = regions.length;
      // An escape that was not one is told when its last byte is seen: meanwhile something may have been found behind.
      while ((regions[to - 1]?.start ?? -1) > end) to -= 1;
      let from = to;
      for (let last = regions[from - 1]; last !== undefined && last.end >= start; last = regions[from - 1]) {
        merged = merge(last, merged);
        from -= 1;
      }
      regions.splice(from, to - from, merged);
    },
    /** Takes away those that nothing can be added to any more, given before where nothing begins. */
    takeBefore: (settled: number): readonly Region[] => {
      const open = regions.findIndex(({ end }) => end >= settled);
      return regions.splice(0, open === -1 ? regions.length : open);
    },
    first: (): Region | undefined => regions[0],
  };
};
