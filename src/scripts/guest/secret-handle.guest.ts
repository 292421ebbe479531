import {
  ask,
  ByteArray,
  copyBytes,
  create,
  describers,
  encodeUtf8,
  frame,
  get,
  isArray,
  isBuffer,
  keysOf,
  later,
  placeOf,
  shapeClass,
  stringifyJson,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes, HostValue } from "../../runtime/guest/index.guest.ts";
import { kindOf } from "./ending.guest.ts";

const NO_FIELDS: object = create(null);

const dataOf = (call: string, value: unknown): Bytes => {
  if (typeof value === "string") return encodeUtf8(value);
  if (isBuffer(value)) return copyBytes(value);
  throw new TypeError(`${call}: the data is ${kindOf(value)}; give a string or bytes.`);
};

/** The options of a call. One that it does not know is refused: a misspelt one would change nothing. */
export const checkOptions = (call: string, given: unknown, known: readonly string[]): object => {
  if (given === undefined || given === null) return NO_FIELDS;
  if (typeof given !== "object")
    throw new TypeError(`${call}: the options are ${kindOf(given)}; give an object.`);
  const names = keysOf(given);
  for (let index = 0; index < names.length; index += 1) {
    if (placeOf(known, names[index]) < 0)
      throw new TypeError(
        `${call} does not know the option ${names[index] ?? ""}: only ${known.join(", ")}.`,
      );
  }
  return given;
};

const plainObject = (call: string, what: string, value: unknown): object => {
  if (typeof value === "object" && value !== null && !isArray(value) && !isBuffer(value)) return value;
  throw new TypeError(`${call}: ${what} is ${kindOf(value)}; give an object.`);
};

/** What the host answered with bytes. */
const bytesOf = (value: HostValue): Bytes | string => {
  if (value === undefined) throw new TypeError("The host gave nothing.");
  return typeof value === "string" ? value : new ByteArray(value);
};

const ours = Symbol("handle");
/** A handle's place among the run's secrets; `undefined` for what is none. */
export let handlePlace: (value: unknown) => number | undefined;
export let newHandle: (place: number, name: string, text: string) => object;
let checked: (value: unknown) => SecretHandle;

/** A secret that the script has without holding it: in a string it reads as its placeholder, and the host does the rest. */
class SecretHandle {
  #place: number;
  #name: string;
  #text: string;

  static {
    handlePlace = (value) =>
      typeof value === "object" && value !== null && #place in value ? value.#place : undefined;
    newHandle = (place, name, text) => new SecretHandle(ours, place, name, text);
    checked = (value) => {
      if (typeof value === "object" && value !== null && #place in value) return value;
      throw new TypeError("Illegal invocation: this is no handle of a secret. Call it as ctx.secrets.NAME.…");
    };
    describers.push((value) =>
      #place in value
        ? { name: "SecretHandle", fields: NO_FIELDS, text: `[secret ${value.#name}]` }
        : undefined,
    );
  }

  constructor(key: symbol, place: number, name: string, text: string) {
    if (key !== ours) throw new TypeError("Illegal constructor");
    this.#place = place;
    this.#name = name;
    this.#text = text;
  }

  /** What is not there, as a header that was not sent, equals no secret. */
  async equals(value: unknown): Promise<boolean> {
    const place = checked(this).#place;
    if (value === undefined || value === null) return false;
    return (await later("secret", frame({ call: "equals", place }, [dataOf("equals", value)]))) === "true";
  }

  async hmac(hash: unknown, data: unknown, options?: unknown): Promise<Bytes | string> {
    const place = checked(this).#place;
    const given = checkOptions("hmac", options, ["encoding", "key", "keyPrefix"]);
    const head = {
      call: "hmac",
      place,
      hash,
      encoding: get(given, "encoding") ?? "hex",
      key: get(given, "key") ?? "text",
      keyPrefix: get(given, "keyPrefix") ?? "",
    };
    return bytesOf(await later("secret", frame(head, [dataOf("hmac", data)])));
  }

  async sign(algorithm: unknown, data: unknown): Promise<Bytes | string> {
    const place = checked(this).#place;
    return bytesOf(await later("secret", frame({ call: "sign", place, algorithm }, [dataOf("sign", data)])));
  }

  async jwt(claims: unknown, options: unknown): Promise<Bytes | string> {
    const place = checked(this).#place;
    const given = checkOptions("jwt", options, ["alg", "header"]);
    const head = {
      call: "jwt",
      place,
      algorithm: get(given, "alg"),
      header: plainObject("jwt", "header", get(given, "header") ?? NO_FIELDS),
    };
    const text = stringifyJson(plainObject("jwt", "what is claimed", claims));
    return bytesOf(await later("secret", frame(head, [encodeUtf8(text)])));
  }

  basicAuth(user: unknown): HostValue {
    const place = checked(this).#place;
    if (typeof user !== "string")
      throw new TypeError(`basicAuth: the user is ${kindOf(user)}; give a string.`);
    return ask("secret-basic", `${place}\n${user}`);
  }

  toString(): string {
    return checked(this).#text;
  }
  toJSON(): string {
    return checked(this).#text;
  }
  [Symbol.toPrimitive](): string {
    return checked(this).#text;
  }
}
shapeClass("SecretHandle", SecretHandle);
