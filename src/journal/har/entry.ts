import type { HeaderPairs } from "../../lib/headers.ts";
import { jsonText } from "../../lib/json-text.ts";
import { type Exchange, outcomeName } from "../exchange.ts";
import type { KeptUpstream } from "../upstream.ts";
import { bodyChunks } from "./body.ts";
import { requestCookies, responseCookies } from "./cookies.ts";

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

const named = (pairs: Iterable<readonly [string, string]>): readonly NamedValue[] =>
  Array.from(pairs, ([name, value]) => ({ name, value }));

/** The platform tells neither the version of HTTP nor how long a head was. */
const NOT_TOLD = { httpVersion: "unknown", headersSize: -1 } as const;

const AUTHORITY = /^[a-z]+:\/\/[^/?#]*/i;

/** The schema asks for a URI: what RFC 3986 has in no path or query (`[`, `|`, a stray `%`, …) is encoded. */
const asUri = (url: string): string => {
  const origin = AUTHORITY.exec(url)?.[0] ?? "";
  const rest = url.slice(origin.length).toWellFormed();
  return origin + rest.replaceAll(/%(?![0-9A-Fa-f]{2})|[^\w\-.~:/?#@!$&'()*+,;=%]/gu, encodeURIComponent);
};

const location = (headers: HeaderPairs): string =>
  headers.find(([name]) => name.toLowerCase() === "location")?.[1] ?? "";

const requestChunks = function* ({ request }: Exchange): Generator<string, undefined> {
  const { method, url, rawQuery, headers, body } = request;
  const head = jsonText({
    method,
    url: asUri(url),
    ...NOT_TOLD,
    cookies: requestCookies(headers),
    headers: named(headers),
    queryString: named(new URLSearchParams(rawQuery ?? "")),
    bodySize: body.size,
  });
  if (body.size === 0) {
    yield head;
    return;
  }
  yield `${head.slice(0, -1)},"postData":`;
  yield* bodyChunks(body, headers, {});
  yield "}";
};

const responseChunks = function* ({ response, at, durationMs }: Exchange): Generator<string, undefined> {
  const { status, headers, body } = response;
  const head = jsonText({
    status,
    statusText: "",
    ...NOT_TOLD,
    cookies: responseCookies(headers, at + durationMs),
    headers: named(headers),
    redirectURL: location(headers),
    bodySize: body.size,
  });
  yield `${head.slice(0, -1)},"content":`;
  yield* bodyChunks(body, headers, { size: body.size });
  yield "}";
};

/**
 * What is measured is the time from the whole request to the answer: that is `wait`. The spec has no "unknown" for `send`
 * and `receive`, which happen outside; for the rest it is -1.
 */
const timingsOf = (durationMs: number): object => ({
  blocked: -1,
  dns: -1,
  connect: -1,
  ssl: -1,
  send: 0,
  wait: durationMs,
  receive: 0,
});

const upstreamOf = ({ request, response, durationMs, attempts, error }: KeptUpstream): object => ({
  method: request.method,
  url: asUri(request.url),
  status: response?.status ?? null,
  time: durationMs,
  attempts: attempts.length,
  error,
});

/** One entry of HAR 1.2 as JSON. Names that begin with `_` are our own, as the spec asks. */
export const entryChunks = function* (exchange: Exchange): Generator<string, undefined> {
  const { id, at, durationMs, run, upstream, replayOf } = exchange;
  const { cpuMs, fuel, wallMs, peakMemoryBytes } = run;
  const head = jsonText({
    startedDateTime: new Date(at).toISOString(),
    time: durationMs,
    cache: {},
    timings: timingsOf(durationMs),
    _exchangeId: id,
    _run: { outcome: outcomeName(run), cpuMs, fuel, wallMs, peakMemoryBytes },
    ...(upstream === null ? {} : { _upstream: upstreamOf(upstream) }),
    ...(replayOf === null ? {} : { _replayOf: replayOf }),
  });
  yield `${head.slice(0, -1)},"request":`;
  yield* requestChunks(exchange);
  yield ',"response":';
  yield* responseChunks(exchange);
  yield "}";
};
