import { concat } from "./bytes.ts";

/** What of DER (X.690) keys are written in: definite lengths of up to 64 KiB, tags of one byte. */
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OBJECT_ID = 0x06;
export const SEQUENCE = 0x30;
/** `[0]`, constructed. */
export const CONTEXT_0 = 0xa0;

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** The elements that lie one after another; `undefined` for what DER does not allow. */
export const elementsOf = (bytes: Uint8Array<ArrayBuffer>): readonly Element[] | undefined => {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const more = first < 0x80 ? 0 : first - 0x80;
    if (more > 2) return undefined;
    let length = more === 0 ? first : 0;
    for (let index = 0; index < more; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
    const start = at + 2 + more;
    if (start + length > bytes.length) return undefined;
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
};

/** What is in the first element of a tag. */
export const inside = (bytes: Uint8Array<ArrayBuffer>, tag: number): Uint8Array<ArrayBuffer> | undefined =>
  elementsOf(bytes)?.find((element) => element.tag === tag)?.content;

/** Bits of an unsigned number, most significant byte first. */
export const bitsOf = (number: Uint8Array | undefined): number => {
  const at = number?.findIndex((byte) => byte !== 0) ?? -1;
  if (number === undefined || at < 0) return 0;
  return (number.length - at) * 8 - (Math.clz32(number[at] ?? 0) - 24);
};

export const element = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const content = concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];
  return concat([new Uint8Array([tag, ...head]), content]);
};

/** An unsigned number: without zeros ahead, but for the one that keeps it from being negative. */
export const unsigned = (number: Uint8Array): Uint8Array<ArrayBuffer> => {
  const from = number.findIndex((byte) => byte !== 0);
  const bytes = from < 0 ? new Uint8Array(1) : number.subarray(from);
  return element(INTEGER, ...((bytes[0] ?? 0) < 0x80 ? [] : [new Uint8Array(1)]), bytes);
};
