import { dropHeld } from "./body.guest.ts";
import { holdStream } from "./held.guest.ts";
import type { Held } from "./held.guest.ts";
import { needs } from "./define.guest.ts";
import { signals } from "./event-target.guest.ts";
import { freezeHeaders, headersFrom } from "./headers.guest.ts";
import type { Headers, Pair } from "./headers.guest.ts";
import { later } from "./later.guest.ts";
import type { Aborting } from "./later.guest.ts";
import { defineProperty, isArray, placeOf, stringifyJson } from "./primordials.guest.ts";
import { partsToSend, Request } from "./request.guest.ts";
import { type Response, responseFrom } from "./response.guest.ts";
import { frame, jsonOf } from "./utf8.guest.ts";

/** What is asked of the host (docs/host-door.md), but for the body. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly redirect: unknown;
  readonly timeoutMs?: number | undefined;
  readonly encoded?: boolean | undefined;
}

// The host's own words: this side need not doubt them.
export interface Told {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: readonly Pair[];
  /** The platform has undone its `content-encoding`. */
  readonly decoded: boolean;
  /** The id of its body, which stays on the host. */
  readonly stream: number | null;
}
const isTold = (value: unknown): value is Told =>
  typeof value === "object" && value !== null && "headers" in value && isArray(value.headers);

/** Text and bytes go along; any other body is on the host, and stays there. */
const request = (op: string, asked: object, held: Held | null, signal: Aborting | undefined) => {
  const text = (body: unknown, own: string): string => `${stringifyJson({ ...asked, body })}\n${own}`;
  switch (held?.kind) {
    case undefined:
      return later(op, text("none", ""), signal);
    case "text":
      return later(op, text("own", held.text), signal);
    case "bytes":
      return later(`${op}-bytes`, frame({ ...asked, body: "own" }, [held.bytes]), signal);
    case "input":
      return later(op, text({ input: held.place }, ""), signal);
    case "stream":
      return later(op, text({ stream: held.id }, ""), signal);
  }
};

export const sendRequest = async (asked: Asked, held: Held | null, signal?: Aborting): Promise<Told> => {
  const told = jsonOf(await request("fetch", asked, held, signal));
  if (!isTold(told)) throw new TypeError("The host gave no answer.");
  return told;
};

/** What they say is true of the body as it was sent, and not of what it was decoded to. */
const OF_THE_CODING = ["content-encoding", "content-length"];

/** As the host tells them; `decoded`: the body is not as they say any more. */
const headersOf = ({ headers: pairs, decoded }: Pick<Told, "headers" | "decoded">): Headers => {
  const names: string[] = [];
  const values: string[] = [];
  for (let index = 0; index < pairs.length; index += 1) {
    const [name, value] = pairs[index] ?? ["", ""];
    if (decoded && placeOf(OF_THE_CODING, name) >= 0) continue;
    names[names.length] = name;
    values[values.length] = value;
  }
  return headersFrom(() => ({ names, value: (index) => values[index] ?? "", repeats: true }));
};

/** The global `fetch` of a run that was granted it: the answer's body stays on the host until somebody reads it. */
export async function fetch(input: unknown, init: unknown = undefined): Promise<Response> {
  needs(1, arguments.length);
  const { method, url, headers, held, redirect, signal } = partsToSend(new Request(input, init));
  const told = await sendRequest({ method, url, headers, redirect }, held, signal);
  const body = told.stream === null ? null : holdStream(told.stream, signal);
  // What is not read by then is not wanted any more.
  if (signal !== undefined) signals.follow?.(signal, () => dropHeld(body));
  const { status, statusText, redirected } = told;
  const received = headersOf(told);
  freezeHeaders(received);
  return responseFrom({ status, statusText, url: told.url, redirected, headers: received, held: body });
}
// Minifiers change it.
defineProperty(fetch, "name", { value: "fetch", configurable: true });

/** A request that a script has let go on to its upstream, as the host takes it. */
export interface Forwarded {
  readonly method: string;
  readonly url: string;
  /** `null`: those of the sender, as they came. */
  readonly headers: readonly Pair[] | null;
  readonly set: readonly string[] | null;
}
interface ToldUpstream extends Pick<Told, "status" | "statusText" | "headers" | "stream"> {
  readonly forwarded: { readonly method: string; readonly url: string; readonly headers: readonly Pair[] };
}
const isUpstreams = (value: unknown): value is ToldUpstream =>
  typeof value === "object" && value !== null && "forwarded" in value;

/** What an upstream answered, and the request as it left. */
export interface FromUpstream {
  readonly response: Response;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** Once in a run. The answer's body stays on the host, in its coding, until somebody reads it. */
export const forwardRequest = async (asked: Forwarded, held: Held | null): Promise<FromUpstream> => {
  const told = jsonOf(await request("forward", asked, held, undefined));
  if (!isUpstreams(told)) throw new TypeError("The host gave no answer.");
  const { status, statusText, stream, forwarded } = told;
  const { method, url } = forwarded;
  const body = stream === null ? null : holdStream(stream, undefined);
  const headers = headersOf({ headers: told.headers, decoded: false });
  const response = responseFrom({ status, statusText, url, redirected: false, headers, held: body });
  return { response, method, url, headers: headersOf({ headers: forwarded.headers, decoded: false }) };
};
