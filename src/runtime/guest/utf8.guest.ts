import { ask, askBytes } from "./door.guest.ts";
import type { HostValue } from "./door.guest.ts";
import {
  apply,
  Buffer,
  ByteArray,
  charCode,
  parseJson,
  setBytes,
  sliceBytes,
  stringifyJson,
  subBytes,
} from "./primordials.guest.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

const NOTHING = new ByteArray(0);

/** UTF-8 of a text; lone surrogates become U+FFFD. */
export const encodeUtf8 = (text: string): Bytes =>
  text === "" ? NOTHING.slice() : askBytes("utf8-encode", text);

/** One byte for each character; `undefined` when one is above U+00FF. */
export const encodeLatin1 = (text: string): Bytes | undefined => {
  const bytes = new ByteArray(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = charCode(text, index);
    if (code > 0xff) return undefined;
    bytes[index] = code;
  }
  return bytes;
};

/** `u32le length of JSON · JSON · bytes`: how several things cross as one (docs/host-door.md). */
export const frame = (head: unknown, parts: readonly Uint8Array[]): ArrayBuffer => {
  const json = encodeUtf8(stringifyJson(head));
  let size = 4 + json.length;
  for (let index = 0; index < parts.length; index += 1) size += parts[index]?.length ?? 0;
  const whole = new ByteArray(new Buffer(size));
  for (let index = 0; index < 4; index += 1) whole[index] = (json.length >>> (8 * index)) & 0xff;
  setBytes(whole, json, 4);
  let offset = 4 + json.length;
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? NOTHING;
    setBytes(whole, part, offset);
    offset += part.length;
  }
  return whole.buffer;
};

export interface DecodeOptions {
  readonly label: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  /** An unfinished character at the end is left out. */
  readonly stream: boolean;
}

/** The buffer that holds these bytes and no others. */
const exactly = (bytes: Bytes): ArrayBuffer =>
  bytes.length === bytes.buffer.byteLength ? bytes.buffer : sliceBytes(bytes).buffer;

/** UTF-8 as text, errors replaced and a BOM dropped, as bodies are read. */
export const decodeUtf8 = (bytes: Bytes): string =>
  bytes.length === 0 ? "" : textOf(ask("utf8-text", exactly(bytes)));

/** Bytes as text in any encoding that the host knows. */
export const decode = (bytes: Uint8Array, options: DecodeOptions): string =>
  bytes.length === 0 ? "" : textOf(ask("utf8-decode", frame(options, [bytes])));

const { fromCharCode } = String;
const CHUNK = 4096;

/** One character for each byte. */
export const decodeLatin1 = (bytes: Bytes): string => {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += apply(fromCharCode, undefined, subBytes(bytes, start, start + CHUNK));
  }
  return text;
};

export const textOf = (value: HostValue): string => {
  if (typeof value !== "string") throw new TypeError("The host gave no text.");
  return value;
};

export const jsonOf = (value: HostValue): unknown => parseJson(textOf(value));
