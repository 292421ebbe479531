import { ask, frame, inspect, primordials } from "../../runtime/guest/index.guest.ts";
import type { Bytes, Held } from "../../runtime/guest/index.guest.ts";

const { charCode, min, sliceBytes, sliceText, stringifyJson } = primordials;

/** How the guest tells what it answers: the head of `answer` (docs/host-door.md). */
export interface AnswerHead {
  readonly kind: "response" | "reply" | "none";
  readonly status?: number;
  /** `null` removes the base's headers of that name. */
  readonly headers?: readonly (readonly [name: string, value: string | null])[];
  /** The whole list of the base gives way. */
  readonly replaceHeaders?: boolean;
  readonly bodyType?: string;
  readonly journal?: object;
  readonly skipRequest?: boolean;
  readonly trackResponse?: boolean;
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

const sendText = (text: string): void => {
  let from = 0;
  while (from < text.length) {
    let to = min(text.length, from + PIECE);
    // A pair that is cut would become two U+FFFD.
    if (to < text.length && isHighSurrogate(charCode(text, to - 1))) to -= 1;
    ask("answer-part", sliceText(text, from, to));
    from = to;
  }
};

/** Sends the head with its body: `undefined` keeps the base's, `null` is none. */
export const sendAnswer = (head: AnswerHead, body: Held | null | undefined): void => {
  if (body === undefined || body === null) {
    ask("answer", frame({ ...head, body: body === null ? "none" : "absent" }, []));
    return;
  }
  if (body.used) {
    throw badResult(
      "The answer's body has already been read; clone() the response or request before reading it.",
    );
  }
  const { source } = body;
  switch (source.kind) {
    case "input":
      ask("answer", frame({ ...head, body: { input: source.place } }, []));
      return;
    case "text":
      sendText(source.text);
      ask("answer", frame({ ...head, body: "bytes" }, []));
      return;
    case "bytes":
      sendBytes(source.bytes);
      ask("answer", frame({ ...head, body: "bytes" }, []));
      return;
    default:
      source satisfies never;
  }
};

/** A text of something thrown, read without trusting it: a getter may throw, a name may be anything. */
const textOf = (value: unknown, key: string, limit: number): string | undefined => {
  try {
    const found: unknown = primordials.get(Object(value), key);
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
  if (primordials.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  const made: unknown = primordials.get(value, "constructor");
  const name = typeof made === "function" ? textOf(made, "name", 60) : undefined;
  return name === undefined || name === "Object" || name === "" ? "an object" : `of class ${name}`;
};
