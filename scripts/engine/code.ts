import { entryPrice } from "./entry-price.ts";
import { freeFunctions } from "./free-functions.ts";
import { cursorOf, joined, readU32, u32 } from "./leb128.ts";
import { meterBody, readLocals } from "./meter.ts";
import type { Patcher } from "./patches.ts";

export interface CodeRules {
  /** How many parameters each function of the section has. */
  readonly parameters: readonly number[];
  readonly imported: number;
  readonly exported: ReadonlySet<number>;
  readonly patcher: Patcher;
  /** The global that holds the fuel; without it, none is charged. */
  readonly fuel: number | undefined;
}

const bodiesOf = (section: Uint8Array): Uint8Array[] => {
  const cursor = cursorOf(section);
  return Array.from({ length: readU32(cursor) }, () => {
    const size = readU32(cursor);
    cursor.at += size;
    return section.subarray(cursor.at - size, cursor.at);
  });
};

/** The code section, patched and metered. */
export const rewriteCode = (section: Uint8Array, rules: CodeRules): Uint8Array => {
  const { parameters, imported, exported, patcher, fuel } = rules;
  const bodies = bodiesOf(section).map((body) => {
    const at = readLocals(body).end;
    return { body: patcher.patch(body, at), at };
  });
  if (bodies.length !== parameters.length) throw new Error("the code and function sections differ in length");
  const free = freeFunctions({ bodies, imported, exported });
  const metered = bodies.map(({ body, at }, place): Uint8Array => {
    if (fuel === undefined || free.has(imported + place)) return body;
    const price = entryPrice(body, at, free);
    return meterBody(body, { parameters: parameters[place] ?? 0, fuel, entryPrice: price });
  });
  return joined([u32(bodies.length), ...metered.flatMap((body) => [u32(body.length), body])]);
};
