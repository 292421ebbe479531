import { shapeClass } from "./define.guest.ts";
import { ask, askBytes } from "./door.guest.ts";
import { ByteArray, isView, parseJson, sliceBytes, toText } from "./primordials.guest.ts";
import { decodeUtf8, encodeUtf8, textOf } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/** Where a body's bytes are. `input` ones stay on the host until somebody reads them. */
export type Source =
  | { readonly kind: "input"; readonly place: number }
  | { readonly kind: "bytes"; readonly bytes: Bytes }
  | { readonly kind: "text"; readonly text: string };

/** A body that can be read once, or handed on unread. */
export interface Held {
  readonly source: Source;
  used: boolean;
}

export interface Extracted {
  readonly held: Held;
  /** The content type that such a body implies. */
  readonly type: string | null;
}

const ours = Symbol("body");
export let heldOf: (value: unknown) => Held | undefined;

/** What `request.body` is: opaque, to be handed on (`new Response(request.body)`), or iterated as one chunk. */
export class Body {
  #held: Held;

  static {
    heldOf = (value) =>
      typeof value === "object" && value !== null && #held in value ? value.#held : undefined;
  }

  constructor(key: symbol, held: Held) {
    if (key !== ours) throw new TypeError("Illegal constructor");
    this.#held = held;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Bytes, undefined> {
    yield readBytes(this.#held);
  }
}
shapeClass("Body", Body);

export const bodyOf = (held: Held | null): Body | null => (held === null ? null : new Body(ours, held));
export const hold = (source: Source): Held => ({ source, used: false });

const place = (input: number): ArrayBuffer => new Uint32Array([input]).buffer;

const sourceBytes = (source: Source): Bytes => {
  switch (source.kind) {
    case "input":
      return askBytes("body", place(source.place));
    case "text":
      return encodeUtf8(source.text);
    case "bytes":
      return source.bytes;
    default:
      return source satisfies never;
  }
};

const take = (held: Held): Source => {
  if (held.used) throw new TypeError("The body has already been read; clone() it first to read it twice.");
  held.used = true;
  return held.source;
};

const NOTHING = new ByteArray(0);
export const readBytes = (held: Held | null): Bytes => {
  if (held === null) return NOTHING;
  const source = take(held);
  const bytes = sourceBytes(source);
  return source.kind === "bytes" ? bytes.slice() : bytes;
};

const withoutBom = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

export const readText = (held: Held | null): string => {
  if (held === null) return "";
  const source = take(held);
  switch (source.kind) {
    case "input":
      // Straight to text: its bytes beside it would halve what fits.
      return textOf(ask("body-text", place(source.place)));
    case "text":
      return withoutBom(source.text.toWellFormed());
    case "bytes":
      return decodeUtf8(source.bytes);
    default:
      return source satisfies never;
  }
};

export const readJson = (held: Held | null): unknown => parseJson(readText(held));

/** A second reader of the same bytes; they are shared, since nobody can change them. */
export const cloneHeld = (held: Held | null): Held | null => {
  if (held === null) return null;
  if (held.used) throw new TypeError("A body that has been read cannot be cloned.");
  return hold(held.source);
};

/** Other kinds of body add themselves here: URLSearchParams, Blob, FormData. */
type Extractor = (value: object) => Extracted | undefined;
export const extractors: Extractor[] = [];

/** The bytes of a buffer or view, as they lie. */
export const viewBytes = (value: ArrayBuffer | ArrayBufferView): Bytes =>
  isView(value)
    ? new ByteArray(Object(value.buffer), value.byteOffset, value.byteLength)
    : new ByteArray(value);

/** The same, copied: later changes of the script do not show. */
export const copyBytes = (value: ArrayBuffer | ArrayBufferView): Bytes => sliceBytes(viewBytes(value));

export const isBuffer = (value: unknown): value is ArrayBuffer | ArrayBufferView =>
  value instanceof ArrayBuffer || isView(value);

/** A body and its implied type from what a script gave (Fetch, "extract a body"). */
export const extractBody = (given: unknown): Extracted | null => {
  if (given === null || given === undefined) return null;
  if (typeof given === "object") {
    const held = heldOf(given);
    if (held !== undefined) {
      if (held.used) throw new TypeError("This body has already been read.");
      return { held, type: null };
    }
    if (isBuffer(given)) return { held: hold({ kind: "bytes", bytes: copyBytes(given) }), type: null };
    for (const extract of extractors) {
      const extracted = extract(given);
      if (extracted !== undefined) return extracted;
    }
  }
  const text = toText(given);
  return { held: hold({ kind: "text", text }), type: "text/plain;charset=UTF-8" };
};
