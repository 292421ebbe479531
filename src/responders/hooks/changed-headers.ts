import { type HeaderPairs, SET_BY_PLATFORM } from "../../lib/headers.ts";

const byName = (pairs: HeaderPairs): ReadonlyMap<string, readonly string[]> => {
  const names = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = names.get(name);
    if (values === undefined) names.set(name, [value]);
    else values.push(value);
  }
  return names;
};

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, index) => value === other[index]);

/** What a script has done to headers that it was shown. Names are lower-case. */
export interface HeaderChanges {
  readonly removed: readonly string[];
  readonly set: HeaderPairs;
}

export const NO_CHANGES: HeaderChanges = { removed: [], set: [] };

export const headerChanges = (shown: HeaderPairs, given: HeaderPairs): HeaderChanges => {
  const before = byName(shown);
  const after = byName(given);
  return {
    removed: [...before.keys()].filter((name) => !after.has(name)),
    set: [...after].flatMap(([name, values]) =>
      isSame(values, before.get(name) ?? []) ? [] : values.map((value) => [name, value] as const),
    ),
  };
};

/** The same done to the platform's own, in place: what nobody has changed keeps its repeats and its bytes. */
export const changeHeaders = (headers: Headers, { removed, set }: HeaderChanges): void => {
  for (const name of removed) headers.delete(name);
  for (const [name] of set) headers.delete(name);
  for (const [name, value] of set) headers.append(name, value);
};

/** …but for those that describe the body that really goes out: they are its sender's. */
export const withoutFraming = ({ removed, set }: HeaderChanges): HeaderChanges => {
  const isOf = (name: string): boolean => SET_BY_PLATFORM.has(name) || name === "content-encoding";
  return { removed: removed.filter((name) => !isOf(name)), set: set.filter(([name]) => !isOf(name)) };
};
