import { isHeaderName, isHeaderValue } from "../lib/headers.ts";
import type { HeaderPair, HeaderPairs } from "../lib/headers.ts";
import { type ForwardRequest, type GuestAnswer, readForwardHead } from "../runtime/index.ts";

/**
 * `input: 0` is the sender's own body, `stream` what another server answered; neither entered the sandbox. A stream fails
 * with an `EgressError`; its receiver reads or cancels it.
 */
export type ScriptBody =
  | Uint8Array<ArrayBuffer>
  | { readonly input: 0 }
  | { readonly stream: ReadableStream<Uint8Array> };

/** A value of `null` removes the base's headers of that name. */
export type HeaderChange = readonly [name: string, value: string | null];

/**
 * How a reply's headers are laid over the base's. `merge`: all that the script gives of one name replace the base's
 * of that name. `replace`: the base's whole list gives way. Names are lower-case, repeats are kept in order.
 */
export type HeaderOverlay =
  | { readonly mode: "merge"; readonly set: readonly HeaderChange[] }
  | { readonly mode: "replace"; readonly pairs: HeaderPairs };

/** What the script wants kept of this exchange, and what the expression form's flags say. */
export interface ScriptWishes {
  readonly journal: { readonly keep?: boolean; readonly bodies?: boolean };
  readonly skipRequest: boolean;
  readonly trackResponse: boolean;
}

/**
 * What a script answered, checked. `response` stands as it is. `reply` is laid over the base (the default response):
 * an absent field is the base's, a `null` body is empty. `bodyType` is the type that such a body implies, absent when the
 * script set one: `application/json` replaces a type of the base's that is not JSON, `text/plain…` only stands in for a missing one.
 * `none` is the base as it is. In `onResponse` the base is the upstream's answer. Status is 200..599; what a status without a body does to one is the sender of it's concern.
 */
export type ScriptAnswer = (
  | {
      readonly kind: "response";
      readonly status: number;
      readonly headers: HeaderPairs;
      readonly body: ScriptBody | null;
    }
  | {
      readonly kind: "reply";
      readonly status?: number;
      readonly headers?: HeaderOverlay;
      readonly body?: ScriptBody | null;
      readonly bodyType?: BodyType;
      /** Those of the base, where it has changed them in place. */
      readonly baseHeaders?: HeaderPairs;
    }
  | {
      readonly kind: "none";
      /** Those of the base, where it has changed them in place. */
      readonly baseHeaders?: HeaderPairs;
    }
  /** What it has made of the request, or another: to be sent to the upstream, of which it sees no more. */
  | ({ readonly kind: "forward"; readonly body: ScriptBody | null } & Omit<ForwardRequest, "body">)
) & { readonly wishes: ScriptWishes };

const BODY_TYPES = ["text/plain; charset=utf-8", "application/json"] as const;
export type BodyType = (typeof BODY_TYPES)[number];

/** Why what came out of the sandbox is no answer; for the script's owner. */
class Unfit extends Error {}

type Fields = ReadonlyMap<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);

const readStatus = (value: unknown): number => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 200 || value > 599) {
    throw new Unfit("status: not a whole number from 200 to 599.");
  }
  return value;
};

/** Checked again although the guest did: a script that broke its engine could split the response by a CR and LF. */
const readChange = (entry: unknown): HeaderChange => {
  const [name, value]: readonly unknown[] = Array.isArray(entry) ? entry : [];
  if (typeof name !== "string" || !isHeaderName(name)) throw new Unfit("headers: invalid header name.");
  if (value === null) return [name.toLowerCase(), null];
  if (typeof value !== "string" || !isHeaderValue(value)) {
    throw new Unfit(`headers: invalid value of the header ${name.slice(0, 100)}.`);
  }
  return [name.toLowerCase(), value];
};

const readChanges = (value: unknown): readonly HeaderChange[] => {
  if (!Array.isArray(value)) throw new Unfit("headers: not a list.");
  return value.map(readChange);
};

const isPair = (change: HeaderChange): change is HeaderPair => change[1] !== null;

const readPairs = (value: unknown): HeaderPairs => {
  const changes = readChanges(value);
  const pairs = changes.filter(isPair);
  if (pairs.length < changes.length) throw new Unfit("headers: a value is missing.");
  return pairs;
};

const readOverlay = (head: Fields): HeaderOverlay =>
  head.get("replaceHeaders") === true
    ? { mode: "replace", pairs: readPairs(head.get("headers")) }
    : { mode: "merge", set: readChanges(head.get("headers")) };

const readBody = (body: GuestAnswer["body"]): ScriptBody | null => {
  if (body === null || body instanceof Uint8Array || "stream" in body) return body;
  if (body.input !== 0) throw new Unfit("body: this run has no such input.");
  return { input: 0 };
};

const readWishes = (head: Fields): ScriptWishes => {
  const journal = fieldsOf(head.get("journal"));
  const keep = journal.get("keep");
  const bodies = journal.get("bodies");
  return {
    journal: {
      ...(typeof keep === "boolean" ? { keep } : {}),
      ...(typeof bodies === "boolean" ? { bodies } : {}),
    },
    skipRequest: head.get("skipRequest") === true,
    trackResponse: head.get("trackResponse") === true,
  };
};

const readBaseHeaders = (head: Fields): { readonly baseHeaders?: HeaderPairs } =>
  head.has("baseHeaders") ? { baseHeaders: readPairs(head.get("baseHeaders")) } : {};

const readForward = (head: Fields, body: GuestAnswer["body"]): ScriptAnswer => {
  const read = readForwardHead(head);
  if (read === undefined) throw new Unfit("this is no request to be forwarded.");
  return { kind: "forward", ...read, body: readBody(body), wishes: readWishes(head) };
};

const readReply = (head: Fields, body: GuestAnswer["body"]): ScriptAnswer => {
  const bodyType = BODY_TYPES.find((type) => type === head.get("bodyType"));
  return {
    kind: "reply",
    ...(head.has("status") ? { status: readStatus(head.get("status")) } : {}),
    ...(head.has("headers") ? { headers: readOverlay(head) } : {}),
    ...(head.get("body") === "absent" ? {} : { body: readBody(body) }),
    ...(bodyType === undefined ? {} : { bodyType }),
    ...readBaseHeaders(head),
    wishes: readWishes(head),
  };
};

const readKind = (head: Fields, body: GuestAnswer["body"]): ScriptAnswer => {
  switch (head.get("kind")) {
    case "response":
      return {
        kind: "response",
        status: readStatus(head.get("status")),
        headers: readPairs(head.get("headers")),
        body: readBody(body),
        wishes: readWishes(head),
      };
    case "reply":
      return readReply(head, body);
    case "none":
      return { kind: "none", ...readBaseHeaders(head), wishes: readWishes(head) };
    case "forward":
      return readForward(head, body);
    default:
      throw new Unfit("the answer is of no known kind.");
  }
};

/** The answer, or a message for the script's owner: nothing that the guest sent is believed. Sizes were checked as it crossed. */
export const readAnswer = (
  answer: GuestAnswer,
): ScriptAnswer | { readonly kind: "unfit"; readonly message: string } => {
  try {
    return readKind(fieldsOf(answer.head), answer.body);
  } catch (error) {
    if (error instanceof Unfit) return { kind: "unfit", message: error.message };
    throw error;
  }
};
