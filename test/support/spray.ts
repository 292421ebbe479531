/**
 * A script's first lines: they write the canary wherever a script can, in strings of both widths, typed arrays,
 * global names, properties of every intrinsic and its prototype, the console, errors, symbols, expressions, closures.
 * Properties are not enumerable, so that the attack after them is not disturbed.
 */
export const spray = (canary: string): string => `
const CANARY = ${JSON.stringify(canary)};
{
  const WIDE = CANARY + "\\u2603";
  const put = (at, key, value) => Object.defineProperty(at, key, { value, writable: true, configurable: true });
  const codes = Array.from(CANARY, (unit) => unit.charCodeAt(0));
  const filled = new Uint8Array(8192);
  filled.set(codes);
  for (let at = 64; at < 8192; at *= 2) filled.copyWithin(at, 0, at);
  put(globalThis, CANARY, { [CANARY]: WIDE, kept: [Uint8Array.from(codes), Uint16Array.from(codes), filled] });
  put(globalThis, WIDE, new Map([[CANARY, () => CANARY + WIDE], [Symbol.for(CANARY), new RegExp(CANARY).exec(WIDE)]]));
  for (const each of [Object, Array, Function, Promise, Error, Map, Set, String, RegExp, Symbol, Uint8Array, ArrayBuffer]) {
    put(each, CANARY, WIDE);
    put(each.prototype, WIDE, CANARY);
  }
  for (const each of [JSON, Math, Reflect]) put(each, WIDE, [CANARY, WIDE]);
  try { null[CANARY] } catch (error) { put(globalThis, CANARY + "!", [error, error.stack, new Error(WIDE)]) }
  try { JSON.parse(CANARY) } catch {}
  typeof print === "function" ? print(CANARY) : console.log(WIDE, { [CANARY]: CANARY });
}`;
