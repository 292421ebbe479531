import { isHeaderName } from "../../lib/headers.ts";
import { OpError } from "../capability.ts";
import { depthOf, headLength, readFrame } from "../frame.ts";
import type { HmacSettings, SignedMessage, SigningAlgorithm } from "./secret-powers.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Fields = ReadonlyMap<string, unknown>;

export type SecretRequest =
  | { readonly call: "equals"; readonly place: number; readonly data: Bytes }
  | {
      readonly call: "hmac";
      readonly place: number;
      readonly settings: HmacSettings;
      readonly encoding: Encoding;
      readonly data: Bytes;
    }
  | {
      readonly call: "sign";
      readonly place: number;
      readonly algorithm: SigningAlgorithm;
      readonly data: Bytes;
    }
  | {
      readonly call: "jwt";
      readonly place: number;
      readonly algorithm: JwtAlgorithm;
      /** Fields beside `alg`. */
      readonly header: Fields;
      /** JSON in UTF-8. */
      readonly claims: Bytes;
    }
  | { readonly call: "verify"; readonly places: readonly number[]; readonly message: SignedMessage };

const HASHES = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const;
const ENCODINGS = ["hex", "base64", "base64url", "bytes"] as const;
const KEYS = ["text", "base64", "hex", "whsec"] as const;
const SIGNATURES = ["RS256", "PS256", "ES256", "EdDSA"] as const;
const JWT_ALGORITHMS = [...SIGNATURES, "HS256", "HS384", "HS512"] as const;
export type Encoding = (typeof ENCODINGS)[number];
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** Of the JSON before the bytes, which is parsed before it is paid for. A message's holds all of its headers, each character perhaps escaped. */
const MAX_HEAD_BYTES = 256 * 1024;
/** What a JWT's header nests is written by recursion. */
const MAX_DEPTH = 32;
/** Keys in the middle of a change are two or three. */
const MAX_PLACES = 10;
const MAX_HEADERS = 500;
const MAX_PREFIX = 256;
const MAX_CLAIMS_BYTES = 64 * 1024;

const wrong = (message: string): OpError => new OpError("TypeError", message);

const fieldsOf = (value: unknown): Fields =>
  new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const oneOf = <T extends string>(values: readonly T[], given: unknown, what: string): T => {
  const found = values.find((each) => each === given);
  if (found !== undefined) return found;
  const shown = typeof given === "string" ? `, not ${JSON.stringify(given.slice(0, 40))}` : "";
  throw wrong(`${what} is one of ${values.join(", ")}${shown}.`);
};

const readText = (value: unknown, what: string, most = Infinity): string => {
  if (typeof value !== "string") throw wrong(`${what} is a string.`);
  if (value.length > most) throw wrong(`${what} has at most ${most} characters.`);
  return value;
};

const readPlace = (value: unknown, count: number): number => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value >= count)
    throw wrong("There is no such secret.");
  return value;
};

const readPlaces = (value: unknown, count: number): readonly number[] => {
  if (!Array.isArray(value) || value.length === 0) throw wrong("There is no secret to verify with.");
  if (value.length > MAX_PLACES) throw wrong(`At most ${MAX_PLACES} secrets are tried at once.`);
  return value.map((each) => readPlace(each, count));
};

const readPair = (value: unknown): readonly [string, string] => {
  const [name, text]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof name !== "string" || !isHeaderName(name) || typeof text !== "string")
    throw wrong("These are no headers.");
  return [name.toLowerCase(), text];
};

const readHeaders = (value: unknown): readonly (readonly [string, string])[] => {
  if (!Array.isArray(value) || value.length > MAX_HEADERS) throw wrong("These are no headers.");
  return value.map(readPair);
};

/** A body that is still on the host is named by its place among the run's. */
const readBody = (value: unknown, bytes: Bytes, bodies: readonly Bytes[]): Bytes => {
  if (value === undefined) return bytes;
  const body = typeof value === "number" ? bodies[value] : undefined;
  if (body === undefined) throw wrong("There is no such body.");
  return body;
};

const readClaims = (bytes: Bytes): Bytes => {
  if (bytes.length > MAX_CLAIMS_BYTES) throw wrong(`Claims have at most ${MAX_CLAIMS_BYTES} bytes as JSON.`);
  return bytes;
};

/** Throws `OpError` for anything that is no call, before a secret is touched. */
export const readSecretRequest = (
  argument: Bytes,
  count: number,
  bodies: readonly Bytes[],
): SecretRequest => {
  const frame = headLength(argument) > MAX_HEAD_BYTES ? undefined : readFrame(argument);
  if (frame === undefined) throw wrong("This is no call of a secret, or its headers are too long.");
  if (depthOf(frame.json) > MAX_DEPTH)
    throw wrong(`What a call says nests at most ${MAX_DEPTH} levels deep.`);
  const { bytes } = frame;
  const fields = fieldsOf(parseJson(frame.json));
  const call = fields.get("call");
  if (call === "verify") {
    const places = readPlaces(fields.get("places"), count);
    const message = {
      settings: fieldsOf(fields.get("settings")),
      url: readText(fields.get("url"), "A URL"),
      headers: readHeaders(fields.get("headers")),
      body: readBody(fields.get("input"), bytes, bodies),
    };
    return { call, places, message };
  }
  const place = readPlace(fields.get("place"), count);
  switch (call) {
    case "equals":
      return { call, place, data: bytes };
    case "hmac": {
      const settings = {
        hash: oneOf(HASHES, fields.get("hash"), "The hash"),
        key: oneOf(KEYS, fields.get("key"), "key"),
        prefix: readText(fields.get("keyPrefix"), "keyPrefix", MAX_PREFIX),
      };
      return {
        call,
        place,
        settings,
        encoding: oneOf(ENCODINGS, fields.get("encoding"), "encoding"),
        data: bytes,
      };
    }
    case "sign":
      return {
        call,
        place,
        algorithm: oneOf(SIGNATURES, fields.get("algorithm"), "The algorithm"),
        data: bytes,
      };
    case "jwt":
      return {
        call,
        place,
        algorithm: oneOf(JWT_ALGORITHMS, fields.get("algorithm"), "alg"),
        header: fieldsOf(fields.get("header")),
        claims: readClaims(bytes),
      };
    default:
      throw wrong("This is no call of a secret.");
  }
};
