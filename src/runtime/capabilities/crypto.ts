import { type Capability, OpError } from "../capability.ts";
import { performCrypto } from "./crypto-perform.ts";
import { cryptoPrice } from "./crypto-price.ts";
import { type CryptoRequest, readCryptoRequest } from "./crypto-request.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * What calls under way may hold on the host: a guest can begin hundreds with one buffer before it lets the first go
 * on, and each has a copy. One call alone may be larger: a body is hashed whole.
 */
export const MOST_BYTES_UNDER_WAY = 16 * 1024 * 1024;

/** `subtle`: the platform's own cryptography for one run. Keys come with each call and go with it. */
export const subtleCrypto = (): Capability => {
  /** Read once, for the price, and used by the call that follows. */
  const read = new WeakMap<Bytes, CryptoRequest>();
  let underWay = 0;

  const requestOf = (argument: Bytes): CryptoRequest => {
    const request = read.get(argument) ?? readCryptoRequest(argument);
    read.set(argument, request);
    return request;
  };

  const call = async (argument: Bytes): Promise<Uint8Array | string> => {
    if (underWay > 0 && underWay + argument.length > MOST_BYTES_UNDER_WAY) {
      throw new OpError(
        "OperationError",
        `Calls of crypto.subtle under way hold ${underWay} bytes: await some of them before beginning more.`,
      );
    }
    underWay += argument.length;
    try {
      return await performCrypto(requestOf(argument));
    } finally {
      underWay -= argument.length;
    }
  };

  return {
    name: "crypto",
    async: {
      subtle: { price: (argument) => cryptoPrice(requestOf(argument), argument.length), call },
    },
  };
};
