import { isBuffer, viewBytes } from "./body.guest.ts";
import { errorNamed } from "./door.guest.ts";
import { ByteArray, hasOwn, sliceBytes, toText, trunc } from "./primordials.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/** What an algorithm is named for in a call (Web Cryptography, 18.2): each takes members of its own. */
export type Operation =
  | "digest"
  | "sign"
  | "encrypt"
  | "deriveBits"
  | "importKey"
  | "generateKey"
  | "getKeyLength";

type Kind = "hash" | "text" | "bytes" | "count" | "key" | "exponent";

const KINDS = {
  additionalData: "bytes",
  counter: "bytes",
  hash: "hash",
  info: "bytes",
  iterations: "count",
  iv: "bytes",
  label: "bytes",
  length: "count",
  modulusLength: "count",
  namedCurve: "text",
  public: "key",
  publicExponent: "exponent",
  salt: "bytes",
  saltLength: "count",
  tagLength: "count",
} as const satisfies Readonly<Record<string, Kind>>;
type Member = keyof typeof KINDS;
const isMember = (name: string): name is Member => hasOwn(KINDS, name);

type Entry = Partial<Readonly<Record<Operation, string>>>;

const DIGEST: Entry = { digest: "" };
const SIZED: Entry = { generateKey: "length", importKey: "", getKeyLength: "length" };
const RSA: Entry = { generateKey: "hash modulusLength publicExponent", importKey: "hash" };
const CURVE: Entry = { generateKey: "namedCurve", importKey: "namedCurve" };

/** The members of each algorithm's parameters, in the order in which they are read; `?` may be left out. */
const REGISTRY: Readonly<Record<string, Entry>> = {
  "SHA-1": DIGEST,
  "SHA-256": DIGEST,
  "SHA-384": DIGEST,
  "SHA-512": DIGEST,
  HMAC: { sign: "", generateKey: "hash length?", importKey: "hash length?", getKeyLength: "hash length?" },
  ECDSA: { ...CURVE, sign: "hash" },
  ECDH: { ...CURVE, deriveBits: "public" },
  Ed25519: { sign: "", generateKey: "", importKey: "" },
  X25519: { deriveBits: "public", generateKey: "", importKey: "" },
  "RSASSA-PKCS1-v1_5": { ...RSA, sign: "" },
  "RSA-PSS": { ...RSA, sign: "saltLength" },
  "RSA-OAEP": { ...RSA, encrypt: "label?" },
  "AES-GCM": { ...SIZED, encrypt: "additionalData? iv tagLength?" },
  "AES-CBC": { ...SIZED, encrypt: "iv" },
  "AES-CTR": { ...SIZED, encrypt: "counter length" },
  HKDF: { deriveBits: "hash info salt", importKey: "", getKeyLength: "" },
  PBKDF2: { deriveBits: "hash iterations salt", importKey: "", getKeyLength: "" },
};

/** The largest that Web IDL lets each of these through with ([EnforceRange]). */
const most = (member: Member, algorithm: string, operation: Operation): number => {
  if (member === "tagLength") return 0xff;
  if (member !== "length" || algorithm === "HMAC") return 0xffff_ffff;
  return operation === "encrypt" ? 0xff : 0xffff;
};

const readCount = (value: unknown, member: string, limit: number): number => {
  const count = trunc(Number(value));
  if (!(count >= 0 && count <= limit))
    throw new TypeError(`The member ${member} must be a number from 0 to ${limit}.`);
  return count;
};

export const bytesOf = (given: unknown, what = "The data"): Bytes => {
  if (!isBuffer(given)) throw new TypeError(`${what} must be an ArrayBuffer or a view of one.`);
  return viewBytes(given);
};

/** Checked and complete: members as they were converted, `public` a key of the script's. */
export interface Algorithm {
  readonly name: string;
  readonly [member: string]: unknown;
}

const readMember = (member: Member, value: unknown, algorithm: string, operation: Operation): unknown => {
  const what = `The member ${member}`;
  switch (KINDS[member]) {
    case "hash":
      return readAlgorithm(value, "digest").name;
    case "text":
      return toText(value);
    case "bytes":
      // A copy, as the standard has it: the script may change its own before the call is made.
      return sliceBytes(bytesOf(value, what));
    case "count":
      return readCount(value, member, most(member, algorithm, operation));
    case "exponent":
      if (!(value instanceof ByteArray)) throw new TypeError(`${what} must be a Uint8Array.`);
      return value;
    case "key":
      return value;
    default:
      return KINDS[member] satisfies never;
  }
};

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

const nameOf = (given: unknown): unknown => {
  if (!isObject(given)) return given;
  const name: unknown = Reflect.get(given, "name");
  if (name === undefined) throw new TypeError("The algorithm has no name.");
  return name;
};

/**
 * Web Cryptography, 18.4.4, "normalize an algorithm". Names are told apart without regard to case; an algorithm that
 * has no such operation is not supported, and a member of the wrong type is a TypeError.
 */
export const readAlgorithm = (given: unknown, operation: Operation): Algorithm => {
  const asked = toText(nameOf(given));
  const lower = asked.toLowerCase();
  const name = Object.keys(REGISTRY).find((each) => each.toLowerCase() === lower);
  const members = name === undefined ? undefined : REGISTRY[name]?.[operation];
  if (name === undefined || members === undefined)
    throw errorNamed("NotSupportedError", `The algorithm ${asked} is not supported here.`);
  const algorithm: Record<string, unknown> & { name: string } = { name };
  // Not the text itself, which has a length.
  const source = isObject(given) ? given : {};
  for (const listed of members === "" ? [] : members.split(" ")) {
    const member = listed.replace("?", "");
    const value: unknown = isMember(member) ? Reflect.get(source, member) : undefined;
    if (isMember(member) && value !== undefined)
      algorithm[member] = readMember(member, value, name, operation);
    else if (member === listed) throw new TypeError(`The algorithm ${name} needs the member ${member}.`);
  }
  const curve = algorithm["namedCurve"];
  if (curve !== undefined && curve !== "P-256" && curve !== "P-384" && curve !== "P-521")
    throw errorNamed("NotSupportedError", `The curve ${toText(curve)} is not supported.`);
  return algorithm;
};

/** Byte strings that travel behind the JSON of one call; `add` gives what stands for one in it. */
export interface Parts {
  readonly list: Bytes[];
  readonly add: (bytes: Bytes) => { readonly part: number };
}

export const newParts = (): Parts => {
  const list: Bytes[] = [];
  return { list, add: (bytes) => ({ part: list.push(bytes) - 1 }) };
};

/** The algorithm as the host is told of it: bytes moved to `parts`, keys left out. */
export const sentAlgorithm = (algorithm: Algorithm, parts: Parts): object => {
  const sent: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(algorithm)) {
    if (value instanceof ByteArray) sent[member] = parts.add(viewBytes(value));
    else if (typeof value !== "object") sent[member] = value;
  }
  return sent;
};
