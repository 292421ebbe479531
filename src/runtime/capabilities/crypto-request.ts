import { OpError } from "../capability.ts";
import { headLength, readFrame } from "../frame.ts";
import { CALLS, type Call, CURVES, FORMATS, type Format, HASHES, NAMES } from "./crypto-names.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** One algorithm with its parameters: each field checked for its type, their combination left to the platform. */
export interface Algorithm {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly length?: number;
  readonly saltLength?: number;
  readonly tagLength?: number;
  readonly iterations?: number;
  readonly iv?: Bytes;
  readonly counter?: Bytes;
  readonly salt?: Bytes;
  readonly info?: Bytes;
  readonly label?: Bytes;
  readonly additionalData?: Bytes;
}

/** A key as the guest holds it: the host keeps none between calls. */
export interface KeyGiven {
  readonly format: Format;
  readonly material: Bytes;
  readonly algorithm: Algorithm;
}

/** One call of `crypto.subtle`, read from a frame of the guest's making. Its bytes are views of that frame. */
export interface CryptoRequest {
  readonly call: Call;
  readonly algorithm: Algorithm;
  readonly key: KeyGiven | undefined;
  /** The other side's public key (ECDH, X25519). */
  readonly peer: KeyGiven | undefined;
  readonly data: Bytes;
  readonly signature: Bytes;
  readonly format: Format | undefined;
  /** Bits to derive; `undefined` is all that there are. */
  readonly length: number | undefined;
}

/** A key of 4,096 bits in any format fits twice; it bounds what parsing one can cost before it is paid for. */
const MAX_KEY_BYTES = 8 * 1024;
/** What a call says besides its bytes is short. Longer JSON, or parts without end, would be the host's work for nothing. */
const MAX_HEAD_BYTES = 4 * 1024;
const MAX_PARTS = 16;
const EMPTY: Bytes = new Uint8Array(0);

type Fields = ReadonlyMap<string, unknown>;
const bad = (what: string): OpError => new OpError("TypeError", `Invalid ${what}.`);

const fieldsOf = (value: unknown): Fields =>
  new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);

const oneOf = <T extends string>(values: readonly T[], value: unknown, what: string): T => {
  const found = values.find((each) => each === value);
  if (found === undefined)
    throw new OpError("NotSupportedError", `The ${what} ${String(value).slice(0, 60)} is not supported.`);
  return found;
};

const count = (value: unknown, what: string): number => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 2 ** 32 - 1)
    throw bad(what);
  return value;
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Byte strings follow the JSON in one piece; their lengths must cover it and no more. */
const split = (bytes: Bytes, lengths: readonly unknown[]): readonly Bytes[] => {
  if (lengths.length > MAX_PARTS) throw bad("parts");
  let at = 0;
  const parts = lengths.map((value) => {
    const length = count(value, "part");
    const part = bytes.subarray(at, at + length);
    if (part.length < length) throw bad("part");
    at += length;
    return part;
  });
  if (at !== bytes.length) throw bad("parts");
  return parts;
};

type ReadPart = (value: unknown) => Bytes | undefined;

const BYTE_FIELDS = ["iv", "counter", "salt", "info", "label", "additionalData"] as const;
const COUNT_FIELDS = ["length", "saltLength", "tagLength", "iterations"] as const;

const readAlgorithm = (value: unknown, part: ReadPart): Algorithm => {
  const fields = fieldsOf(value);
  const algorithm: { -readonly [K in keyof Algorithm]: Algorithm[K] } = {
    name: oneOf(NAMES, fields.get("name"), "algorithm"),
  };
  if (fields.has("hash")) algorithm.hash = oneOf(HASHES, fields.get("hash"), "hash");
  if (fields.has("namedCurve")) algorithm.namedCurve = oneOf(CURVES, fields.get("namedCurve"), "curve");
  for (const name of COUNT_FIELDS) if (fields.has(name)) algorithm[name] = count(fields.get(name), name);
  for (const name of BYTE_FIELDS) {
    const bytes = part(fields.get(name));
    if (bytes !== undefined) algorithm[name] = bytes;
  }
  return algorithm;
};

const readKey = (value: unknown, part: ReadPart): KeyGiven | undefined => {
  if (value === undefined) return undefined;
  const fields = fieldsOf(value);
  const material = part(fields.get("material"));
  if (material === undefined) throw bad("key");
  const algorithm = readAlgorithm(fields.get("algorithm"), part);
  const format = oneOf(FORMATS, fields.get("format"), "key format");
  // Secrets in bytes may be of any length: nothing is parsed.
  const parsed = format !== "raw" || algorithm.namedCurve !== undefined;
  if (parsed && material.length > MAX_KEY_BYTES) throw new OpError("DataError", "The key is too large.");
  return { format, material, algorithm };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Throws `OpError` for anything that is not a call we know, before any of it reaches the platform. */
export const readCryptoRequest = (argument: Bytes): CryptoRequest => {
  const frame = headLength(argument) > MAX_HEAD_BYTES ? undefined : readFrame(argument);
  if (frame === undefined) throw bad("call");
  const fields = fieldsOf(parseJson(frame.json));
  const parts = split(frame.bytes, listOf(fields.get("parts")));
  const part: ReadPart = (value) => {
    const index = fieldsOf(value).get("part");
    return typeof index === "number" ? parts[index] : undefined;
  };
  return {
    call: oneOf(CALLS, fields.get("call"), "call"),
    algorithm: readAlgorithm(fields.get("algorithm"), part),
    key: readKey(fields.get("key"), part),
    peer: readKey(fields.get("peer"), part),
    data: part(fields.get("data")) ?? EMPTY,
    signature: part(fields.get("signature")) ?? EMPTY,
    format: fields.has("format") ? oneOf(FORMATS, fields.get("format"), "key format") : undefined,
    length: fields.has("length") ? count(fields.get("length"), "length") : undefined,
  };
};
