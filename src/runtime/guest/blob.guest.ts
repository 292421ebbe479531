import { extractors, holdBytes, isBuffer, viewBytes } from "./body.guest.ts";
import { describers } from "./define.guest.ts";
import { toText } from "./primordials.guest.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

interface Options {
  readonly type?: unknown;
  readonly endings?: unknown;
}

const readType = (given: unknown): string => {
  const type = given === undefined ? "" : toText(given);
  return /^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "";
};

const bytesOfPart = (part: unknown): Bytes => {
  if (isBuffer(part)) return viewBytes(part);
  const known = typeof part === "object" && part !== null ? bytesOfBlob(part) : undefined;
  return known ?? encodeUtf8(String(part));
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

  constructor(parts: unknown = [], options: Options | null = {}) {
    if (typeof parts !== "object" || parts === null || !(Symbol.iterator in parts)) {
      throw new TypeError("A Blob is made of an array of parts.");
    }
    this.#bytes = join(Array.from(Object(parts), bytesOfPart));
    this.#type = readType(options?.type);
  }

  get size(): number {
    return this.#bytes.length;
  }
  get type(): string {
    return this.#type;
  }

  slice(start?: number, end?: number, type?: unknown): Blob {
    return blobOf(this.#bytes.subarray(start, end), readType(type));
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

export class File extends Blob {
  #name: string;
  #lastModified: number;

  constructor(
    parts: unknown,
    name: unknown,
    options: (Options & { readonly lastModified?: unknown }) | null = {},
  ) {
    super(parts, options);
    this.#name = String(name).toWellFormed();
    this.#lastModified =
      options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified));
  }

  get name(): string {
    return this.#name;
  }
  get lastModified(): number {
    return this.#lastModified;
  }
}
