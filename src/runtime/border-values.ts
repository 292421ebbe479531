import { concat, utf8 } from "../lib/bytes.ts";
import type { Engine, Value } from "./engine.ts";
import { FUEL_PER_WIDE_BYTE, fuelForBytes, fuelForBytesOut, fuelForText } from "./fuel.ts";
import type { GuestTools } from "./guest-tools.ts";
import { EngineFault } from "./stop-run.ts";

/** What crosses the border: nothing, bytes, or text of any kind. */
export type Crossing = Uint8Array | string | null;

/** Copies values over the border, whole and unchanged. `spend` is charged before each copy. */
export interface BorderValues {
  readonly toGuest: (value: Crossing) => Value;
  /** Text in UTF-8 (lone surrogates as U+FFFD), or an ArrayBuffer's bytes; `undefined` for a value of any other type. */
  readonly bytesFrom: (value: Value) => Uint8Array<ArrayBuffer> | undefined;
  readonly textFrom: (value: Value) => string;
}

/** The engine copies a buffer within the heap before the host can read it: large ones go piece by piece. */
const PIECE_BYTES = 512 * 1024;

const crossesAsItIs = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

const parseText = (json: string): string => {
  const value: unknown = JSON.parse(json);
  if (typeof value !== "string") throw new EngineFault("text that is none");
  return value;
};

export const createBorderValues = (
  engine: Engine,
  tools: GuestTools,
  spend: (units: number) => void,
): BorderValues => {
  const use = (tool: Value, args: readonly Value[]): Value => {
    const completion = engine.call(tool, args);
    if (!completion.ok) throw new EngineFault("a guest tool failed");
    return completion.value;
  };

  const textToGuest = (text: string): Value => {
    if (crossesAsItIs(text)) return engine.newString(text);
    // Only JSON carries NUL and lone surrogates: the engine's strings of C end at the one and spoil the other.
    const json = engine.newString(JSON.stringify(text));
    const value = use(tools.parse, [json]);
    engine.free(json);
    return value;
  };

  const textFrom = (value: Value): string => {
    const length = engine.property(value, "length");
    const expected = engine.number(length);
    engine.free(length);
    spend(fuelForText(expected));
    const text = engine.string(value);
    // A forged length is paid for after all.
    spend(fuelForText(text.length) - fuelForText(expected));
    if (text.length === expected && !text.includes("\ufffd")) return text;
    const json = use(tools.stringify, [value]);
    const exact = parseText(engine.string(json));
    engine.free(json);
    return exact;
  };

  const pieceOf = (buffer: Value, from: number, to: number): Uint8Array<ArrayBuffer> => {
    const bounds = [engine.newNumber(from), engine.newNumber(to)];
    const piece = use(tools.slice, [buffer, ...bounds]);
    const bytes = engine.bytes(piece);
    for (const value of [piece, ...bounds]) engine.free(value);
    return bytes;
  };

  const bufferFrom = (value: Value): Uint8Array<ArrayBuffer> => {
    const length = engine.byteLength(value);
    spend(fuelForBytesOut(length));
    if (length <= PIECE_BYTES) return engine.bytes(value);
    const pieces: Uint8Array[] = [];
    for (let from = 0; from < length; from += PIECE_BYTES) {
      pieces.push(pieceOf(value, from, Math.min(length, from + PIECE_BYTES)));
    }
    return concat(pieces);
  };

  return {
    toGuest: (value) => {
      if (value === null) return engine.undefined;
      spend(fuelForBytes(value.length));
      return typeof value === "string" ? textToGuest(value) : engine.newBytes(value);
    },
    bytesFrom: (value) => {
      const type = engine.typeOf(value);
      if (type === "undefined") return new Uint8Array(0);
      if (type === "string") {
        const text = textFrom(value);
        const bytes = utf8(text);
        spend((bytes.length - text.length) * FUEL_PER_WIDE_BYTE);
        return bytes;
      }
      return type === "object" ? bufferFrom(value) : undefined;
    },
    textFrom,
  };
};
