import { shapeClass } from "./define.guest.ts";
import { ask, askBytes, bytesOf } from "./door.guest.ts";
import type { HostValue } from "./door.guest.ts";
import { holdBytes, holdText } from "./held.guest.ts";
import type { Held, HeldHere, HeldStream } from "./held.guest.ts";
import { later } from "./later.guest.ts";
import {
  asText,
  ByteArray,
  charCode,
  isView,
  parseJson,
  sliceBytes,
  sliceText,
} from "./primordials.guest.ts";
import { decodeUtf8, encodeUtf8, textOf } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

export interface Extracted {
  readonly held: Held;
  /** The content type that such a body implies. */
  readonly type: string | null;
}

export const TEXT_TYPE = "text/plain;charset=UTF-8";

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
    yield readBytes(this.#held, asBytes);
  }
}
shapeClass("Body", Body);

const bodies = new WeakMap<Held, Body>();
/** The same object each time, as long as the body is the same. */
export const bodyOf = (held: Held | null): Body | null => {
  if (held === null) return null;
  const known = bodies.get(held);
  if (known !== undefined) return known;
  const made = new Body(ours, held);
  bodies.set(held, made);
  return made;
};

const place = (input: number): ArrayBuffer => new Uint32Array([input]).buffer;

const take = <Kind extends Held>(held: Kind): Kind => {
  if (held.used) throw new TypeError("The body has already been read; clone() it first to read it twice.");
  held.used = true;
  return held;
};

const bytesHere = (held: HeldHere | null): Bytes => {
  if (held === null) return new ByteArray(0);
  const taken = take(held);
  switch (taken.kind) {
    case "input":
      return askBytes("body", place(taken.place));
    case "text":
      return encodeUtf8(taken.text);
    case "bytes":
      // Its clones have the same bytes, which nobody may change.
      return sliceBytes(taken.bytes);
    default:
      return taken satisfies never;
  }
};

const whenSent = async <Result>(
  held: HeldStream,
  op: "stream-bytes" | "stream-text",
  made: (value: HostValue) => Result,
): Promise<Result> => {
  const { id, signal } = take(held);
  return made(await later(op, place(id), signal));
};

export const asBytes = (bytes: Bytes): Bytes => bytes;

/** What `made` makes of a body's bytes: at once, unless they have not come yet. */
export const readBytes = <Result>(
  held: Held | null,
  made: (bytes: Bytes) => Result,
): Result | Promise<Result> =>
  held?.kind === "stream"
    ? whenSent(held, "stream-bytes", (value) => made(bytesOf(value)))
    : made(bytesHere(held));

const withoutBom = (text: string): string => (charCode(text, 0) === 0xfeff ? sliceText(text, 1) : text);

const textHere = (held: HeldHere | null): string => {
  if (held === null) return "";
  const taken = take(held);
  switch (taken.kind) {
    case "input":
      // Straight to text: its bytes beside it would halve what fits.
      return textOf(ask("body-text", place(taken.place)));
    case "text":
      return withoutBom(taken.text.toWellFormed());
    case "bytes":
      return decodeUtf8(taken.bytes);
    default:
      return taken satisfies never;
  }
};

export const readText = (held: Held | null): string | Promise<string> =>
  held?.kind === "stream" ? whenSent(held, "stream-text", textOf) : textHere(held);

export const readJson = (held: Held | null): unknown =>
  held?.kind === "stream"
    ? whenSent(held, "stream-text", (value) => parseJson(textOf(value)))
    : parseJson(textHere(held));

/** A second reader of the same bytes; they are shared, since nobody can change them. */
export const cloneHeld = (held: Held | null): Held | null => {
  if (held === null) return null;
  if (held.used) throw new TypeError("A body that has been read cannot be cloned.");
  if (held.kind !== "stream") return { ...held };
  const [id = 0] = new Uint32Array(askBytes("stream-clone", place(held.id)).buffer);
  return { ...held, id };
};

/** Nobody will read it. */
export const dropHeld = (held: Held | null): void => {
  if (held?.kind === "stream" && !held.used) ask("stream-cancel", place(held.id));
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

const extractObject = (given: object): Extracted | undefined => {
  const held = heldOf(given);
  if (held !== undefined) {
    if (held.used) throw new TypeError("This body has already been read.");
    return { held, type: null };
  }
  if (isBuffer(given)) return { held: holdBytes(copyBytes(given)), type: null };
  for (let index = 0; index < extractors.length; index += 1) {
    const extracted = extractors[index]?.(given);
    if (extracted !== undefined) return extracted;
  }
  return undefined;
};

/** A body and its implied type from what a script gave (Fetch, "extract a body"). */
export const extractBody = (given: unknown): Extracted | null => {
  if (given === null || given === undefined) return null;
  const extracted = typeof given === "object" ? extractObject(given) : undefined;
  return extracted ?? { held: holdText(asText(given)), type: TEXT_TYPE };
};
