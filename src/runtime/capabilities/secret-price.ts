import { FUEL_PER_MS } from "../fuel.ts";
import { signaturePrice } from "./crypto-price.ts";
import type { SecretPowers } from "./secret-powers.ts";
import type { SecretRequest } from "./secret-request.ts";

/** Fuel for what is done with secrets: at least its time in workerd (`test/worker/prices-secrets.test.ts`). */
const MICROSECOND = FUEL_PER_MS / 1_000;

/** Reading the call, promises, the run's waking up for it; and the refusal that any of them may end in. */
const CALL = 110 * MICROSECOND;
/** A key of 10 KiB, the longest that there is, is decoded and hashed. */
const PER_SECRET = 60 * MICROSECOND;
/** SHA-384 is the dearest, at 3 ns; in a replay, placeholders are looked for besides. */
const PER_BYTE = 0.005 * MICROSECOND;
/** Parsing JSON at its worst, brackets in brackets, and looking at each header. */
const PER_HEAD_BYTE = 0.02 * MICROSECOND;
/** Both ways of base64, and JSON. */
const PER_CLAIMS_BYTE = 0.02 * MICROSECOND;
/** A message's fields may be taken apart and sorted, if they are few. */
const FIELDS = 200 * MICROSECOND;

const signing = (powers: SecretPowers, place: number): number => {
  const key = powers.signingKey(place);
  return key === null ? 0 : signaturePrice(key);
};

/** `headBytes`: of the call's JSON. */
export const secretPrice = (request: SecretRequest, headBytes: number, powers: SecretPowers): number => {
  const base = CALL + PER_SECRET + headBytes * PER_HEAD_BYTE;
  switch (request.call) {
    case "equals":
    case "hmac":
      return base + request.data.length * PER_BYTE;
    case "sign": {
      // RFC 8032 hashes what is signed twice.
      return base + 2 * request.data.length * PER_BYTE + signing(powers, request.place);
    }
    case "jwt":
      return base + request.claims.length * PER_CLAIMS_BYTE + signing(powers, request.place);
    case "verify": {
      const { places, message } = request;
      return base + FIELDS + places.length * (PER_SECRET + message.body.length * PER_BYTE);
    }
    default:
      return request satisfies never;
  }
};
