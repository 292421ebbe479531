import { HOPS_HEADER } from "../../lib/hops.ts";
import type { Admit } from "./admit.ts";
import { watchBody } from "./answer-body.ts";
import { CONNECT, type EgressFailure } from "./failure.ts";
import { type Outgoing, outgoingOf } from "./outgoing.ts";
import { type Patience, startPatience } from "./patience.ts";
import { refused } from "./policy.ts";
import { type NextHop, nextHop } from "./redirect.ts";
import type { EgressAnswer, EgressRequest, Sent } from "./request.ts";

/** The platform's `fetch`. */
export type Fetch = (input: string | Request, init: RequestInit) => Promise<Response>;

/** What a run sends through. */
export interface Passage {
  readonly admit: Admit;
  /** The hop header of what it sends. */
  readonly hops: string;
  readonly fetch: Fetch;
}

const MAX_REDIRECTS = 5;
const NO_HOP: NextHop = { kind: "none" };
/** The cache belongs to the zone, not to an account: what it keeps of one would answer another. */
const NOT_CACHED = { cacheTtl: -1, cacheTtlByStatus: { "100-599": -1 } };

const failed = (failure: EgressFailure): Sent => ({ kind: "failed", failure });

/** `manual`, or the platform would follow to where nobody has judged. */
const initOf = (
  request: EgressRequest,
  { method, headers, body }: Outgoing,
  signal: AbortSignal,
): RequestInit => ({
  // Naming the method, even the same, makes the platform refuse the body of a GET.
  ...(body?.kind === "request" && body.request.method === method ? {} : { method }),
  headers,
  redirect: "manual",
  signal,
  encodeResponseBody: request.encoded ? "manual" : "automatic",
  cf: NOT_CACHED,
  // The same in the standard's words, which adds `cache-control` and `pragma` of its own: not to what is only passed on.
  ...(request.headers.kind === "script" ? { cache: "no-store" } : {}),
  ...(body?.kind === "bytes" ? { body: body.bytes } : {}),
  ...(body?.kind === "stream" ? { body: body.stream } : {}),
});

/** One hop: filled in, signed, sent. */
const transmit = async (
  request: EgressRequest,
  outgoing: Outgoing,
  passage: Passage,
  patience: Patience,
): Promise<Response | EgressFailure> => {
  const filled = (await request.secrets?.fillIn(outgoing)) ?? { kind: "filled", outgoing };
  if (filled.kind === "not-allowed") return { kind: "not-allowed-secret", message: filled.message };
  const { url, body } = filled.outgoing;
  // What was judged is where it goes, whatever a secret reads.
  if (new URL(url).origin !== new URL(outgoing.url).origin) {
    return { kind: "not-allowed-secret", message: "A secret never decides where a request goes" };
  }
  // On a copy: the caller shows and records his own. A copy of the platform's headers keeps repeats and bytes.
  const headers = new Headers(filled.outgoing.headers);
  headers.set(HOPS_HEADER, passage.hops);
  patience.awaitFirstByte();
  try {
    const input = body?.kind === "request" ? new Request(url, body.request) : url;
    return await passage.fetch(input, initOf(request, { ...filled.outgoing, headers }, patience.signal));
  } catch {
    return patience.failure() ?? CONNECT;
  } finally {
    patience.gotFirstByte();
  }
};

const answerOf = (
  { status, statusText, headers, body }: Response,
  request: EgressRequest,
  hop: Pick<EgressAnswer, "url" | "redirected">,
  patience: Patience,
): EgressAnswer => {
  if (body === null) patience.end();
  const watch = { most: request.mostBytes, failure: patience.failure, onEnd: patience.end };
  const watched = body === null ? null : watchBody(body, watch);
  const answer: EgressAnswer = { status, statusText, headers, body: watched, ...hop };
  return request.secrets?.maskAnswer(answer) ?? answer;
};

/** Judged, sent, and judged again wherever it is redirected to. */
const follow = async (
  request: EgressRequest,
  first: Outgoing,
  passage: Passage,
  patience: Patience,
): Promise<Sent> => {
  let outgoing = first;
  for (let redirects = 0; ; redirects += 1) {
    const refusal = await passage.admit(outgoing.url, patience.signal);
    const givenUp = patience.failure() ?? refusal;
    if (givenUp !== undefined) return failed(givenUp);
    const response = await transmit(request, outgoing, passage, patience);
    if (!(response instanceof Response)) return failed(response);
    const location = response.headers.get("location");
    const next = request.redirect === "manual" ? NO_HOP : nextHop(outgoing, response.status, location);
    if (next.kind === "none") {
      const hop = { url: outgoing.url, redirected: redirects > 0 };
      return { kind: "answered", answer: answerOf(response, request, hop, patience) };
    }
    await response.body?.cancel();
    if (next.kind === "refused") return failed(next);
    if (request.redirect === "error") {
      return failed(refused("redirect", "Upstream request failed: it redirects"));
    }
    if (redirects === MAX_REDIRECTS) {
      return failed(refused("redirect", `Upstream request failed: more than ${MAX_REDIRECTS} redirects`));
    }
    if (request.secrets?.holdsSecret(location ?? "") === true) {
      return failed({
        kind: "not-allowed-secret",
        message: "The redirect holds a secret and is not followed",
      });
    }
    outgoing = next.outgoing;
  }
};

/** Sends one request. Every ending is a value, and leaves no timer but that of a body which is still to be read. */
export const sendThrough = async (passage: Passage, request: EgressRequest): Promise<Sent> => {
  const first = outgoingOf(request);
  if ("kind" in first) return failed(first);
  const patience = startPatience(request.times, request.signal);
  let sent: Sent | undefined;
  try {
    sent = await follow(request, first, passage, patience);
    return sent;
  } finally {
    if (sent?.kind !== "answered") patience.end();
  }
};
