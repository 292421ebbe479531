import { fromUtf8, utf8 } from "../lib/bytes.ts";
import type { EngineExports } from "./engine-exports.ts";
import { viewOf } from "./engine-memory.ts";
import { EngineFault } from "./stop-run.ts";

/** Bytes and C strings in the engine's memory. Pointers come from an allocator that a guest may have spoiled: each is checked. */
export interface Texts {
  readonly view: () => Uint8Array;
  /** An allocation of the engine's with these bytes, and a zero behind them if `terminated`. */
  readonly copyIn: (bytes: Uint8Array, terminated: boolean) => number;
  readonly withCString: <T>(text: string, use: (at: number, length: number) => T) => T;
  /** The text from `at` to the first zero. */
  readonly cString: (at: number) => string;
}

/** Up to so many characters, a text is given three bytes for each. */
const SHORT_TEXT = 4_096;
const encoder = new TextEncoder();

/** An allocation or a value that the engine could not make: without it the host cannot go on. */
export const made = (pointer: number): number => {
  if (pointer === 0) throw new EngineFault("the engine is out of memory");
  return pointer >>> 0;
};

export const createTexts = (
  wasm: Pick<EngineExports, "malloc" | "free">,
  memory: WebAssembly.Memory,
): Texts => {
  const view = viewOf(memory);
  const copyIn = (bytes: Uint8Array, terminated: boolean): number => {
    const at = made(wasm.malloc(bytes.length + 1));
    const target = view();
    // A pointer that a spoiled allocator made up must not take the host down with a bare RangeError.
    if (at + bytes.length >= target.length) throw new EngineFault("the engine's allocator is spoiled");
    target.set(bytes, at);
    if (terminated) target[at + bytes.length] = 0;
    return at;
  };
  /** Short texts are encoded where they are to be: the common case, several times a run. */
  const writeShort = (text: string): { readonly at: number; readonly length: number } => {
    const room = 3 * text.length + 1;
    const at = made(wasm.malloc(room));
    if (at + room > view().length) throw new EngineFault("the engine's allocator is spoiled");
    const target = view().subarray(at, at + room);
    const { written } = encoder.encodeInto(text, target);
    target[written] = 0;
    return { at, length: written };
  };
  const writeCString = (text: string): { readonly at: number; readonly length: number } => {
    if (text.length <= SHORT_TEXT) return writeShort(text);
    const bytes = utf8(text);
    return { at: copyIn(bytes, true), length: bytes.length };
  };
  const withCString = <T>(text: string, use: (at: number, length: number) => T): T => {
    const { at, length } = writeCString(text);
    const result = use(at, length);
    wasm.free(at);
    return result;
  };
  const cString = (at: number): string => {
    const bytes = view();
    const end = at < bytes.length ? bytes.indexOf(0, at) : -1;
    if (end < 0) throw new EngineFault("a text without an end");
    return fromUtf8(bytes.subarray(at, end));
  };

  return { view, copyIn, withCString, cString };
};
