import { isBuffer, viewBytes } from "./body.guest.ts";
import { needs } from "./define.guest.ts";
import { ask } from "./door.guest.ts";
import { asText, ByteArray, charCode, min, setBytes, sliceText, subBytes } from "./primordials.guest.ts";
import { decode, decodeUtf8, encodeUtf8, textOf } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

const AS_IT_IS = { label: "utf-8", fatal: false, ignoreBOM: true, stream: false };

const isRest = (byte: number): boolean => (byte & 0xc0) === 0x80;
const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** The beginning of a text, which does not end within a pair of surrogates. */
const wholePairs = (text: string, length: number): string => {
  const cut = length > 0 && isHigh(charCode(text, length - 1)) && isLow(charCode(text, length));
  return sliceText(text, 0, cut ? length - 1 : length);
};

export class TextEncoder {
  /** What makes it one. */
  #encoding = "utf-8";

  get encoding(): string {
    return this.#encoding;
  }

  encode(input: unknown = ""): Bytes {
    return encodeUtf8(asText(input));
  }

  /** Whole characters only, as many as fit. */
  encodeInto(source: unknown, target: unknown): { read: number; written: number } {
    needs(2, arguments.length);
    if (!(target instanceof ByteArray)) throw new TypeError("encodeInto writes to a Uint8Array.");
    // No character is shorter than a byte: what is beyond cannot fit.
    const text = wholePairs(asText(source), target.length);
    const bytes = encodeUtf8(text);
    let fits = min(bytes.length, target.length);
    while (fits < bytes.length && fits > 0 && isRest(bytes[fits] ?? 0)) fits -= 1;
    const written = subBytes(bytes, 0, fits);
    setBytes(target, written);
    const read = fits === bytes.length ? text.length : decode(written, AS_IT_IS).length;
    return { read, written: fits };
  }
}

interface Options {
  readonly fatal?: unknown;
  readonly ignoreBOM?: unknown;
}

const viewOf = (input: unknown): Bytes => {
  if (input === undefined) return new ByteArray(0);
  if (!isBuffer(input)) throw new TypeError("TextDecoder decodes an ArrayBuffer or a view of one.");
  return viewBytes(input);
};

const join = (one: Bytes, other: Bytes): Bytes => {
  if (one.length === 0) return other;
  const whole = new ByteArray(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
};

/** How many bytes a UTF-8 sequence that starts with this one has. */
const sequenceLength = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/** How many bytes at the end of a chunk belong to a character that the next chunk may complete. */
const unfinished = (bytes: Uint8Array): number => {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) !== 0x80) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
};

const UTF8_LABEL = /^[\t\n\f\r ]*utf-?8[\t\n\f\r ]*$/i;
const encodingOf = (label: string): string =>
  UTF8_LABEL.test(label) ? "utf-8" : textOf(ask("encoding-name", JSON.stringify(label.toWellFormed())));

export class TextDecoder {
  #encoding: string;
  #fatal: boolean;
  #ignoreBOM: boolean;
  /** Bytes of the present stream that must be seen again: the host keeps no state between calls. */
  #held: Bytes = new ByteArray(0);
  /** Characters of them that were given out already. */
  #given = 0;
  /** Past the place where a BOM counts as one. */
  #begun = false;

  constructor(label: unknown = "utf-8", options: Options | null = {}) {
    this.#encoding = encodingOf(String(label));
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  get encoding(): string {
    return this.#encoding;
  }
  get fatal(): boolean {
    return this.#fatal;
  }
  get ignoreBOM(): boolean {
    return this.#ignoreBOM;
  }

  #decode(bytes: Bytes, stream: boolean): string {
    const ignoreBOM = this.#ignoreBOM || this.#begun;
    // The commonest by far, without a frame around it.
    if (this.#encoding === "utf-8" && !this.#fatal && !ignoreBOM) return decodeUtf8(bytes);
    return decode(bytes, { label: this.#encoding, fatal: this.#fatal, ignoreBOM, stream });
  }

  #reset(): void {
    this.#held = new ByteArray(0);
    this.#given = 0;
    this.#begun = false;
  }

  /** UTF-8 keeps the bytes of an unfinished character; the old encodings keep the whole stream. */
  #decodeChunk(bytes: Bytes): string {
    if (this.#encoding !== "utf-8") {
      const text = this.#decode(bytes, true);
      const next = text.slice(this.#given);
      this.#held = bytes.slice();
      this.#given = text.length;
      return next;
    }
    const whole = bytes.length - unfinished(bytes);
    const text = this.#decode(subBytes(bytes, 0, whole), false);
    this.#held = bytes.slice(whole);
    this.#begun ||= whole > 0;
    return text;
  }

  decode(input?: unknown, options: { readonly stream?: unknown } | null = {}): string {
    const bytes = join(this.#held, viewOf(input));
    try {
      if (options?.stream === true) return this.#decodeChunk(bytes);
      const text = this.#decode(bytes, false).slice(this.#given);
      this.#reset();
      return text;
    } catch (error) {
      this.#reset();
      throw error;
    }
  }
}
