import { Buffer } from "node:buffer";
import { utf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";
import { exceededGuesses } from "../exceeded.ts";
import { headLength } from "../frame.ts";
import { StopRun } from "../stop-run.ts";
import { createBasicAuth } from "./secret-basic.ts";
import type { Derived, SecretPowers, SecretRefusal } from "./secret-powers.ts";
import { secretPrice } from "./secret-price.ts";
import { type JwtAlgorithm, readSecretRequest, type SecretRequest } from "./secret-request.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Of<Call extends SecretRequest["call"]> = Extract<SecretRequest, { readonly call: Call }>;

/** False answers of `equals` that end a run: a script must not find out what a secret is by trying. */
const MOST_GUESSES = 20;
const MAX_JWT_HEADER_BYTES = 4 * 1024;

/** The JWT algorithms that need no key of two halves (RFC 7518, section 3.2). */
const HASHES = { HS256: "SHA-256", HS384: "SHA-384", HS512: "SHA-512" } as const;
const isHashed = (algorithm: JwtAlgorithm): algorithm is keyof typeof HASHES =>
  Object.hasOwn(HASHES, algorithm);

const textOf = ({ buffer, byteOffset, length }: Bytes, encoding: "hex" | "base64" | "base64url"): string =>
  Buffer.from(buffer, byteOffset, length).toString(encoding);

const refusal = ({ because, message }: SecretRefusal): OpError =>
  new OpError(because === "usage" ? "TypeError" : "DataError", message);

const bytesOf = (result: Derived | SecretRefusal): Bytes => {
  if (result.kind === "refused") throw refusal(result);
  return result.bytes;
};

/** `alg` is the one that is used, whatever the script's own header says. */
const jwtHeader = ({ algorithm, header }: Of<"jwt">): Bytes => {
  const fields = new Map<string, unknown>([
    ["alg", algorithm],
    ["typ", "JWT"],
    ...header,
    ["alg", algorithm],
  ]);
  const bytes = utf8(JSON.stringify(Object.fromEntries(fields)));
  if (bytes.length > MAX_JWT_HEADER_BYTES)
    throw new OpError("TypeError", `A JWT's header has at most ${MAX_JWT_HEADER_BYTES} bytes as JSON.`);
  return bytes;
};

/**
 * `secret`, `secret-basic`: what can be done with secrets that stay on the host. `bodies` are the run's own, of which a
 * call names one that the guest has not read.
 */
export const secrets = (powers: SecretPowers, bodies: readonly Bytes[]): Capability => {
  /** Read once, for the price, and used by the call that follows. */
  const read = new WeakMap<Bytes, SecretRequest>();
  const requestOf = (argument: Bytes): SecretRequest => {
    const request = read.get(argument) ?? readSecretRequest(argument, powers.count, bodies);
    read.set(argument, request);
    return request;
  };

  let guesses = 0;
  /** The last false answer is not given: it would be one try more. */
  const compare = ({ place, data }: Of<"equals">): string => {
    if (powers.equals(place, data)) return "true";
    guesses += 1;
    if (guesses >= MOST_GUESSES) throw new StopRun(exceededGuesses(MOST_GUESSES));
    return "false";
  };

  const hmac = ({ place, settings, encoding, data }: Of<"hmac">): Bytes | string => {
    const bytes = bytesOf(powers.hmac(place, settings, data));
    return encoding === "bytes" ? bytes : textOf(bytes, encoding);
  };

  const jwt = async (request: Of<"jwt">): Promise<string> => {
    const { place, algorithm, claims } = request;
    const signed = `${textOf(jwtHeader(request), "base64url")}.${textOf(claims, "base64url")}`;
    const input = utf8(signed);
    const result = isHashed(algorithm)
      ? powers.hmac(place, { hash: HASHES[algorithm], key: "text", prefix: "" }, input)
      : await powers.sign(place, algorithm, input);
    return `${signed}.${textOf(bytesOf(result), "base64url")}`;
  };

  const verify = ({ places, message }: Of<"verify">): string => {
    const result = powers.verify(places, message);
    if (result.kind === "refused") throw refusal(result);
    return JSON.stringify(
      result.kind === "verified" ? { ok: true, place: result.place } : { ok: false, reason: result.reason },
    );
  };

  const perform = async (request: Exclude<SecretRequest, Of<"equals">>): Promise<Bytes | string> => {
    switch (request.call) {
      case "hmac":
        return hmac(request);
      case "sign":
        return bytesOf(await powers.sign(request.place, request.algorithm, request.data));
      case "jwt":
        return jwt(request);
      case "verify":
        return verify(request);
      default:
        return request satisfies never;
    }
  };

  return {
    name: "secrets",
    sync: { "secret-basic": createBasicAuth(powers) },
    async: {
      secret: {
        price: (argument) => secretPrice(requestOf(argument), headLength(argument), powers),
        call: (argument) => {
          const request = requestOf(argument);
          // Not in a promise: what ends a run has to be thrown while the guest calls.
          return request.call === "equals" ? Promise.resolve(compare(request)) : perform(request);
        },
      },
    },
  };
};
