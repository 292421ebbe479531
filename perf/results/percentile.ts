/** The nearest rank: the least of the values that at least `share` of them do not exceed. NaN of none. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

export const inOrder = (values: readonly number[]): readonly number[] =>
  values.toSorted((one, other) => one - other);
