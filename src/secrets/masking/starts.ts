const FIRST_CAPACITY = 64;

/**
 * Where in the input each of the last decoded bytes began: a ring that grows until it holds `most` of them, since most
 * inputs hold few escapes and no beginning of a secret. Its size is a power of two.
 */
export const createStarts = (most: number) => {
  let ring = new Float64Array(FIRST_CAPACITY);
  let mask = FIRST_CAPACITY - 1;

  const grow = (count: number): void => {
    const wider = new Float64Array(ring.length * 2);
    for (let at = count - ring.length; at < count; at += 1)
      wider[at & (wider.length - 1)] = ring[at & mask] ?? 0;
    ring = wider;
    mask = wider.length - 1;
  };

  return {
    /** `index` counts up from 0 by one. */
    put: (index: number, start: number): void => {
      if (index > mask && mask + 1 < most) grow(index);
      ring[index & mask] = start;
    },
    of: (index: number): number => ring[index & mask] ?? 0,
  };
};
