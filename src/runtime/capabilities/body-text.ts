import { type Capability, OpError } from "../capability.ts";
import { fuelForBytes } from "../fuel.ts";

const lenient = new TextDecoder();

/** Decoding costs about four times a copy. */
const UNITS_FACTOR = 4;

/** `body-text`: an input body as text, without its bytes ever lying beside it in the guest's heap. */
export const bodyText = (bodies: readonly Uint8Array<ArrayBuffer>[]): Capability => {
  const bodyAt = (argument: Uint8Array): Uint8Array<ArrayBuffer> => {
    if (argument.length !== 4) throw new OpError("TypeError", "this op takes one number");
    const body = bodies[new DataView(argument.buffer, argument.byteOffset).getUint32(0, true)];
    if (body === undefined) throw new OpError("RangeError", "there is no such body");
    return body;
  };
  return {
    name: "body-text",
    sync: {
      "body-text": {
        price: (argument) => fuelForBytes(bodyAt(argument).length) * UNITS_FACTOR,
        call: (argument) => lenient.decode(bodyAt(argument)),
      },
    },
  };
};
