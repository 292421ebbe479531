/**
 * Readers of what the compiler answered or a store kept. The compiler works on hostile text inside the sandbox, so
 * its answer may be forged: nothing is taken that does not have exactly this shape.
 */
export type Fields = ReadonlyMap<string, unknown>;
export type Read<T> = (value: unknown) => T | undefined;

export const fields = (value: unknown): Fields =>
  new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);

export const readWhole: Read<number> = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
export const readPosition: Read<number> = (value) => {
  const number = readWhole(value);
  return number === 0 ? undefined : number;
};
export const readText: Read<string> = (value) => (typeof value === "string" ? value : undefined);

export const orNull = <T>(value: unknown, read: Read<T>): T | null | undefined =>
  value === null ? null : read(value);

export const readList = <T>(value: unknown, read: Read<T>): readonly T[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const items: T[] = [];
  for (const given of value) {
    const item = read(given);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
};

export const isForm = (value: unknown): value is "module" | "expression" =>
  value === "module" || value === "expression";
