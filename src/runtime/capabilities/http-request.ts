import type { HeaderPair, HeaderPairs } from "../../lib/headers.ts";
import { OpError } from "../capability.ts";
import { depthOf, type Frame, headLength, LINE_FEED, readFrame, readLine } from "../frame.ts";
import type { HttpRequest } from "./http-powers.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Of the script's own, of the run's inputs by place, or of what the run was sent, by id. */
export type GivenBody =
  | { readonly kind: "none" }
  | { readonly kind: "own"; readonly bytes: Bytes }
  | { readonly kind: "input"; readonly place: number }
  | { readonly kind: "stream"; readonly id: number };

export interface GivenRequest extends Omit<HttpRequest, "body"> {
  readonly body: GivenBody;
}

/** Of the JSON. A URL has at most 64 KiB, and no server takes so many headers. */
const MAX_HEAD_BYTES = 256 * 1024;
/** `{ headers: [[name, value]] }` */
const MAX_DEPTH = 4;
const REDIRECTS = ["follow", "manual", "error"] as const;

const wrong = (): OpError => new OpError("TypeError", "This is no request, or its head is too long.");

/** How long the JSON says to be, of a text or a frame. */
const headOf = (argument: Bytes, form: "text" | "frame"): number =>
  form === "text" ? argument.indexOf(LINE_FEED) : headLength(argument);

/** How much of it would be read: one that is too long is not. */
export const readableHead = (argument: Bytes, form: "text" | "frame"): number =>
  Math.min(Math.max(0, headOf(argument, form)), MAX_HEAD_BYTES);

const parse = (frame: Frame): unknown => {
  if (depthOf(frame.json) > MAX_DEPTH) throw wrong();
  try {
    return JSON.parse(frame.json);
  } catch {
    throw wrong();
  }
};

export const isPair = (value: unknown): value is HeaderPair =>
  Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === "string");

const readHeaders = (value: unknown): HeaderPairs => {
  if (!Array.isArray(value) || !value.every(isPair)) throw wrong();
  return value;
};

const isPlace = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);

const readBody = (value: unknown, bytes: Bytes): GivenBody => {
  if (value === "none") return { kind: "none" };
  if (value === "own") return { kind: "own", bytes };
  const { input, stream }: { readonly input?: unknown; readonly stream?: unknown } = Object(value);
  if (isPlace(input)) return { kind: "input", place: input };
  if (isPlace(stream)) return { kind: "stream", id: stream };
  throw wrong();
};

const readTimeout = (value: unknown): number | null => {
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !(value >= 0)) throw wrong();
  return value;
};

/** The fields of the head, unchecked, and the body beside it. */
export const readGiven = (
  argument: Bytes,
  form: "text" | "frame",
): { readonly head: ReadonlyMap<string, unknown>; readonly body: GivenBody } => {
  if (headOf(argument, form) > MAX_HEAD_BYTES) throw wrong();
  const frame = form === "text" ? readLine(argument) : readFrame(argument);
  if (frame === undefined) throw wrong();
  const parsed: unknown = parse(frame);
  const head = new Map<string, unknown>(
    Object.entries(typeof parsed === "object" && parsed !== null ? parsed : {}),
  );
  return { head, body: readBody(head.get("body"), frame.bytes) };
};

/** Every field is checked: the guest that wrote it may be spoiled. What is wrong with a URL, a method or a header, the way out says. */
export const readHttpRequest = (argument: Bytes, form: "text" | "frame"): GivenRequest => {
  const { head: fields, body } = readGiven(argument, form);
  const url: unknown = fields.get("url");
  const method: unknown = fields.get("method");
  const redirect = REDIRECTS.find((each) => each === fields.get("redirect"));
  if (typeof url !== "string" || typeof method !== "string" || redirect === undefined) throw wrong();
  return {
    url,
    method,
    redirect,
    headers: readHeaders(fields.get("headers")),
    timeoutMs: readTimeout(fields.get("timeoutMs")),
    encoded: fields.get("encoded") === true,
    body,
  };
};
