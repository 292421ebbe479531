import { type Capability, OpError } from "../capability.ts";

/** As `crypto.getRandomValues` has it. */
const MAX_BYTES = 65_536;
const CALL_UNITS = 1_000;
/** Measured in workerd: 0.6 ns a byte. */
const UNITS_PER_BYTE = 0.5;

const readCount = (argument: Uint8Array): number => {
  if (argument.length !== 4) throw new OpError("TypeError", "random takes one count");
  return new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
};

const randomBytes = (argument: Uint8Array): Uint8Array => {
  const count = readCount(argument);
  if (count > MAX_BYTES) {
    throw new OpError("QuotaExceededError", `at most ${MAX_BYTES} random bytes at once, not ${count}`);
  }
  return crypto.getRandomValues(new Uint8Array(count));
};

/** `random`: as many bytes from the host's source as asked for. */
export const random: Capability = {
  name: "random",
  sync: {
    random: {
      price: (argument) => CALL_UNITS + Math.min(readCount(argument), MAX_BYTES) * UNITS_PER_BYTE,
      call: randomBytes,
    },
  },
};
