import type { Capability } from "../capability.ts";
import { performCrypto } from "./crypto-perform.ts";
import { cryptoPrice } from "./crypto-price.ts";
import { readCryptoRequest } from "./crypto-request.ts";

/** `subtle`: the platform's own cryptography, stateless. Keys come with each call and go with it. */
export const subtleCrypto: Capability = {
  name: "crypto",
  async: {
    subtle: {
      // Both read the frame: a price is paid before any work, and nothing is carried from one to the other.
      price: (argument) => cryptoPrice(readCryptoRequest(argument.slice()), argument.length),
      call: async (argument) => performCrypto(readCryptoRequest(argument)),
    },
  },
};
