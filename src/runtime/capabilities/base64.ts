import { Buffer } from "node:buffer";
import { fromUtf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";

const CALL_UNITS = 1_000;
/** Measured in workerd both ways, with a text of the size that crosses besides. */
const UNITS_PER_BYTE = 2;
const price = (argument: Uint8Array): number => CALL_UNITS + argument.length * UNITS_PER_BYTE;

const encode = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): string =>
  Buffer.from(buffer, byteOffset, length).toString("base64");

const decode = (text: string): Uint8Array => {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new OpError("InvalidCharacterError", "This is not base64.");
  }
  return Buffer.from(binary, "latin1");
};

/** `atob` and `btoa`, as forgiving as the platform's own (Infra, "forgiving-base64 decode"). */
export const base64Codec: Capability = {
  name: "base64",
  sync: {
    "base64-encode": { price, call: encode },
    "base64-decode": { price, call: (argument) => decode(fromUtf8(argument)) },
  },
};
