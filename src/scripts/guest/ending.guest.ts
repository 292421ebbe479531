import {
  ask,
  charCode,
  get,
  inspect,
  isArray,
  min,
  opOfError,
  sliceBytes,
  sliceText,
  stringifyJson,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes, Held } from "../../runtime/guest/index.guest.ts";

/** How the guest tells what it answers (docs/host-door.md). */
export interface AnswerHead {
  readonly kind: "response" | "reply" | "none" | "forward";
  readonly status: number | undefined;
  /** A JSON list of pairs; `null` for a value removes the base's headers of that name. */
  readonly headers: string | undefined;
  /** Further fields of the JSON, each with the comma before it: what hooks say besides. */
  readonly more?: string | undefined;
  /** The whole list of the base gives way. */
  readonly replaceHeaders?: boolean;
  /** Without quotes or escapes. */
  readonly bodyType?: string | undefined;
  readonly journal?: object | undefined;
  readonly skipRequest?: boolean;
  readonly trackResponse?: boolean;
  /** Nothing is left to do: the run ends with its answer. */
  readonly done: boolean;
}

export type Reason = "not-json" | "too-deep" | "bad-result";

/** A result that is not an answer: the script's owner reads the message, so it says what to do. */
export class BadResult extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export const badResult = (message: string): BadResult => new BadResult("bad-result", message);

/** As JSON it would be `{}`. */
export const UNAWAITED = "body: a Promise is not a body yet; await it: { body: await … }.";

/** Bodies go ahead in pieces of this size: whole copies beside them would halve what fits the heap. */
const PIECE = 128 * 1024;

const sendBytes = (bytes: Bytes): void => {
  for (let from = 0; from < bytes.length; from += PIECE) {
    ask("answer-part", sliceBytes(bytes, from, from + PIECE).buffer);
  }
};

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** All but a last piece, which goes with the head. */
const sendText = (text: string): string => {
  if (text.length <= PIECE) return text;
  let from = 0;
  while (text.length - from > PIECE) {
    let to = min(text.length, from + PIECE);
    // A pair that is cut would become two U+FFFD.
    if (isHighSurrogate(charCode(text, to - 1))) to -= 1;
    ask("answer-part", sliceText(text, from, to));
    from = to;
  }
  return sliceText(text, from);
};

/** Written by hand: each field is a number or needs no escapes, and `JSON.stringify` costs ten times as much. */
const headText = (head: AnswerHead, body: string): string => {
  let text = `{"kind":"${head.kind}","body":${body}`;
  if (head.status !== undefined) text += `,"status":${head.status}`;
  if (head.headers !== undefined) text += `,"headers":${head.headers}`;
  if (head.more !== undefined) text += head.more;
  if (head.replaceHeaders === true) text += ',"replaceHeaders":true';
  if (head.bodyType !== undefined) text += `,"bodyType":"${head.bodyType}"`;
  if (head.journal !== undefined) text += `,"journal":${stringifyJson(head.journal)}`;
  if (head.skipRequest === true) text += ',"skipRequest":true';
  if (head.trackResponse === true) text += ',"trackResponse":true';
  return head.done ? `${text},"done":true}\n` : `${text}}\n`;
};

/** Sends the head with its body: `undefined` keeps the base's, `null` is none. */
export const sendAnswer = (head: AnswerHead, body: Held | null | undefined): void => {
  if (body === undefined || body === null) {
    ask("answer-text", headText(head, body === null ? '"none"' : '"absent"'));
    return;
  }
  if (body.used) {
    throw badResult(
      "The answer's body has already been read; clone() the response or request before reading it.",
    );
  }
  switch (body.kind) {
    case "input":
      ask("answer-text", headText(head, `{"input":${body.place}}`));
      return;
    case "stream":
      ask("answer-text", headText(head, `{"stream":${body.id}}`));
      return;
    case "text":
      ask("answer-text", headText(head, '"bytes"') + sendText(body.text));
      return;
    case "bytes":
      sendBytes(body.bytes);
      ask("answer-text", headText(head, '"bytes"'));
      return;
    default:
      body satisfies never;
  }
};

/** A text of something thrown, read without trusting it: a getter may throw, a name may be anything. */
const textOf = (value: unknown, key: string, limit: number): string | undefined => {
  try {
    const found: unknown = get(Object(value), key);
    return typeof found === "string" ? sliceText(found, 0, limit) : undefined;
  } catch {
    return undefined;
  }
};

const messageOf = (thrown: unknown): string => {
  if (typeof thrown === "string") return sliceText(thrown, 0, 8_192);
  const message = textOf(thrown, "message", 8_192);
  if (message !== undefined) return message;
  try {
    return inspect(thrown);
  } catch {
    return "";
  }
};

/** Ends the run badly: with what was thrown, or with why the result is no answer. */
export const sendFailure = (thrown: unknown): void => {
  const unusable = thrown instanceof BadResult;
  ask(
    "fail",
    stringifyJson({
      kind: unusable ? "unusable" : "threw",
      ...(unusable ? { reason: thrown.reason } : {}),
      name: unusable ? "BadResult" : (textOf(thrown, "name", 100) ?? "Error"),
      message: messageOf(thrown),
      stack: unusable ? "" : (textOf(thrown, "stack", 16_384) ?? ""),
      op: opOfError(thrown),
    }),
  );
};

export const sendDone = (): void => {
  ask("done");
};

/** JSON text of a value, or why there is none. */
export const jsonText = (value: unknown): string => {
  let text: unknown;
  try {
    text = stringifyJson(value);
  } catch (error) {
    if (error instanceof RangeError)
      throw new BadResult("too-deep", "The body is nested too deeply for JSON.");
    // The engine's own refusals (cycles, BigInt) are TypeErrors; what a toJSON of the script threw is its own.
    if (error instanceof TypeError)
      throw new BadResult("not-json", `The body has no JSON: ${error.message}.`);
    throw error;
  }
  if (typeof text !== "string")
    throw new BadResult("not-json", `The body has no JSON: it is a ${typeof value}.`);
  return text;
};

/** `a Map`, `a string`, `an array`: how messages name what a script gave. */
export const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value);
  if (isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  const made: unknown = get(value, "constructor");
  const name = typeof made === "function" ? textOf(made, "name", 60) : undefined;
  return name === undefined || name === "Object" || name === "" ? "an object" : `of class ${name}`;
};
