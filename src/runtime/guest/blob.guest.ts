import { extractors, isBuffer, viewBytes } from "./body.guest.ts";
import { holdBytes } from "./held.guest.ts";
import { asOptions, describers, isObject, needs } from "./define.guest.ts";
import { asText, get, now, subBytes } from "./primordials.guest.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

const readType = (given: unknown): string => {
  const type = given === undefined ? "" : asText(given);
  return /^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "";
};

type Part = string | Bytes;

const readPart = (part: unknown): Part => {
  if (isBuffer(part)) return viewBytes(part);
  const known = typeof part === "object" && part !== null ? bytesOfBlob(part) : undefined;
  return known ?? asText(part);
};

const readParts = (given: unknown): readonly Part[] => {
  if (given === undefined) return [];
  const iterator: unknown = isObject(given) ? get(given, Symbol.iterator) : undefined;
  if (iterator === undefined || iterator === null)
    throw new TypeError("A Blob is made of an array of parts.");
  return Array.from(Object(given), readPart);
};

interface Options {
  readonly native: boolean;
  readonly type: string;
}

const readOptions = (given: unknown): Options => {
  const options = asOptions(given);
  const endings = get(options, "endings");
  const name = endings === undefined ? "transparent" : asText(endings);
  if (name !== "transparent" && name !== "native")
    throw new TypeError("endings is one of transparent, native.");
  return { native: name === "native", type: readType(get(options, "type")) };
};

const bytesOfPart = (part: Part, native: boolean): Bytes =>
  typeof part === "string" ? encodeUtf8(native ? part.replaceAll(/\r\n?/g, "\n") : part) : part;

/** Web IDL's `[Clamp] long long`: to the nearest, of two the even one. */
const clamp = (given: unknown): number => {
  const value = Number(given);
  const down = Math.floor(value);
  const isTie = value - down === 0.5;
  return Number.isNaN(value) ? 0 : isTie ? down + (down % 2 === 0 ? 0 : 1) : Math.round(value);
};

const join = (parts: readonly Bytes[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** The bytes of a Blob, not copied: nobody may change them. */
export let bytesOfBlob: (value: object) => Bytes | undefined;
/** Without another copy. */
export let blobOf: (bytes: Bytes, type: string) => Blob;

export class Blob {
  #bytes: Bytes;
  #type: string;

  static {
    bytesOfBlob = (value) => (#bytes in value ? value.#bytes : undefined);
    blobOf = (bytes, type) => {
      const blob = new Blob([], { type });
      blob.#bytes = bytes;
      return blob;
    };
    extractors.push((value) => {
      if (!(#bytes in value)) return undefined;
      return {
        held: holdBytes(value.#bytes),
        type: value.#type === "" ? null : value.#type,
      };
    });
    describers.push((value) =>
      #bytes in value
        ? {
            name: value instanceof File ? "File" : "Blob",
            fields: { size: value.#bytes.length, type: value.#type },
          }
        : undefined,
    );
  }

  constructor(parts: unknown = undefined, options: unknown = undefined) {
    const read = readParts(parts);
    const { native, type } = readOptions(options);
    this.#bytes = join(read.map((part) => bytesOfPart(part, native)));
    this.#type = type;
  }

  get size(): number {
    return this.#bytes.length;
  }
  get type(): string {
    return this.#type;
  }

  slice(start: unknown = 0, end: unknown = this.#bytes.length, type: unknown = ""): Blob {
    return blobOf(subBytes(this.#bytes, clamp(start), clamp(end)), readType(type));
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer;
  }
  async bytes(): Promise<Bytes> {
    return this.#bytes.slice();
  }
  async text(): Promise<string> {
    return decodeUtf8(this.#bytes);
  }
}

/** The same file under another name. */
export let renamed: (file: Blob, name: string) => File;
/** What a structured clone of one is. */
export let cloneBlob: (value: object) => Blob | undefined;

/** Web IDL's `long long`. */
const asLong = (given: unknown): number => {
  const value = Math.trunc(Number(given));
  return Number.isFinite(value) ? value + 0 : 0;
};

export class File extends Blob {
  #name: string;
  #lastModified: number;

  static {
    renamed = (file, name) => {
      const { type } = file;
      return new File([file], name, #name in file ? { type, lastModified: file.#lastModified } : { type });
    };
    cloneBlob = (value) => {
      const bytes = bytesOfBlob(value);
      if (bytes === undefined || !(value instanceof Blob)) return undefined;
      return #name in value ? renamed(value, value.#name) : blobOf(bytes, value.type);
    };
  }

  constructor(parts: unknown, name: unknown, options: unknown = undefined) {
    needs(2, arguments.length);
    if (parts === undefined) throw new TypeError("A File is made of an array of parts.");
    super(parts, options);
    this.#name = asText(name).toWellFormed();
    const time = get(asOptions(options), "lastModified");
    this.#lastModified = time === undefined ? now() : asLong(time);
  }

  get name(): string {
    return this.#name;
  }
  get lastModified(): number {
    return this.#lastModified;
  }
}
