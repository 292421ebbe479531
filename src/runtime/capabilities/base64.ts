import { base64, fromUtf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";

const UNITS_PER_BYTE = 3;
const price = (argument: Uint8Array): number => argument.length * UNITS_PER_BYTE;

const decode = (text: string): Uint8Array => {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new OpError("InvalidCharacterError", "This is not base64.");
  }
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
};

/** `atob` and `btoa`, as forgiving as the platform's own (Infra, "forgiving-base64 decode"). */
export const base64Codec: Capability = {
  name: "base64",
  sync: {
    "base64-encode": { price, call: base64 },
    "base64-decode": { price, call: (argument) => decode(fromUtf8(argument)) },
  },
};
