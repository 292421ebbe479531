import type { Capability } from "../capability.ts";
import { performCrypto } from "./crypto-perform.ts";
import { cryptoPrice } from "./crypto-price.ts";
import { type CryptoRequest, readCryptoRequest } from "./crypto-request.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Read once, for the price, and used by the call that follows. An argument belongs to one call. */
const read = new WeakMap<Bytes, CryptoRequest>();

const requestOf = (argument: Bytes): CryptoRequest => {
  const request = read.get(argument) ?? readCryptoRequest(argument);
  read.set(argument, request);
  return request;
};

/** `subtle`: the platform's own cryptography, stateless. Keys come with each call and go with it. */
export const subtleCrypto: Capability = {
  name: "crypto",
  async: {
    subtle: {
      price: (argument) => cryptoPrice(requestOf(argument), argument.length),
      call: async (argument) => performCrypto(requestOf(argument)),
    },
  },
};
