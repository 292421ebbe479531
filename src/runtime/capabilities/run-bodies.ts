import { type Capability, OpError, type RunLoan } from "../capability.ts";
import { decodePrice } from "./decode-price.ts";
import { createHeldBodies, type HeldBodies } from "./held-bodies.ts";
import { wholeBytes } from "./http-failure.ts";

/** The held bodies of one run, whoever sent them: capabilities that give out ids share them. */
export interface RunBodies extends Pick<HeldBodies, "hold" | "keep" | "take"> {
  /** What each such capability offers, so that its ids can be used: `stream-bytes`, `stream-text`, `stream-clone`, `stream-cancel`. */
  readonly ops: Required<Pick<Capability, "attach" | "takeBody" | "sync" | "async">>;
  readonly loan: () => RunLoan;
}

/** Of a body, either way. */
export const MAX_HTTP_BODY_BYTES = 10 * 1024 * 1024;
/** Joined to one piece. */
const UNITS_PER_BYTE = 2;
const BODY_UNITS = 20_000;

/** As bodies are read: errors replaced, a BOM dropped. */
const lenient = new TextDecoder();

const readId = (argument: Uint8Array<ArrayBuffer>): number => {
  if (argument.length !== 4) throw new OpError("TypeError", "This op takes one number.");
  return new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
};
const idBytes = (id: number): Uint8Array<ArrayBuffer> => new Uint8Array(new Uint32Array([id]).buffer);

export const openRunBodies = (): RunBodies => {
  let lent: RunLoan | undefined;
  const loan = (): RunLoan => {
    if (lent === undefined) throw new Error("bodies before their run");
    return lent;
  };
  const bodies = createHeldBodies({ most: MAX_HTTP_BODY_BYTES, unitsPerByte: UNITS_PER_BYTE, loan });
  const { hold, keep, take } = bodies;
  return {
    hold,
    keep,
    take,
    loan,
    ops: {
      attach: (given) => {
        if (lent === undefined) given.whenOver(bodies.end);
        lent = given;
      },
      // An answer with one that was kept has it as it came.
      takeBody: bodies.takeAsItCame,
      sync: {
        "stream-clone": {
          price: () => BODY_UNITS,
          call: (argument) => idBytes(bodies.clone(readId(argument))),
        },
        "stream-cancel": {
          price: () => BODY_UNITS,
          call: (argument) => {
            bodies.drop(readId(argument));
            return null;
          },
        },
      },
      async: {
        "stream-bytes": {
          price: () => BODY_UNITS,
          call: async (argument, signal) => wholeBytes(await bodies.read(readId(argument), signal)),
        },
        "stream-text": {
          price: () => BODY_UNITS,
          call: async (argument, signal) => {
            const bytes = wholeBytes(await bodies.read(readId(argument), signal));
            loan().owe(decodePrice(bytes));
            return lenient.decode(bytes);
          },
        },
      },
    },
  };
};
