import { utf8 } from "../../lib/bytes.ts";
import { cutBody } from "../cut-body.ts";
import type { Exchange, KeptBody } from "../exchange.ts";
import { type KeptUpstream, mapBodies, ownBodies } from "../upstream.ts";
import { type Head, headOf } from "./head.ts";

/** A row of a Durable Object's SQLite ends at 2 MB. Only an operator's own limits let a head come near it. */
const HEAD_BYTES = 1_500_000;
/** What is left of each list, and of each text, when a head must be cut: together far less than `HEAD_BYTES`. */
const LIST_BYTES = 200_000;
const TEXT_UNITS = 10_000;

const bytesOf = (value: unknown): number => utf8(JSON.stringify(value)).length;

/** From the beginning, as many as there is room for. */
const first = <Item>(items: readonly Item[]): readonly Item[] => {
  let room = LIST_BYTES;
  const end = items.findIndex((item) => (room -= bytesOf(item) + 1) < 0);
  return end < 0 ? items : items.slice(0, end);
};

const short = (text: string): string => text.slice(0, TEXT_UNITS);

const shortUpstream = (upstream: KeptUpstream): KeptUpstream => {
  const { request, response } = upstream;
  return {
    ...upstream,
    request: { ...request, url: short(request.url), headers: first(request.headers) },
    response: response && { ...response, headers: first(response.headers) },
  };
};

const shortened = (exchange: Exchange): Exchange => {
  const { request, response, run } = exchange;
  const { error } = run.outcome;
  const logs = first(run.logs);
  return {
    ...exchange,
    request: {
      ...request,
      url: short(request.url),
      path: short(request.path),
      rawQuery: request.rawQuery === null ? null : short(request.rawQuery),
      headers: first(request.headers),
    },
    response: { ...response, headers: first(response.headers) },
    upstream: exchange.upstream && shortUpstream(exchange.upstream),
    run: {
      ...run,
      outcome:
        error === undefined
          ? run.outcome
          : {
              ...run.outcome,
              error: {
                ...error,
                name: short(error.name),
                message: short(error.message),
                stack: short(error.stack),
              },
            },
      logs,
      logsDropped: run.logsDropped + run.logs.length - logs.length,
    },
  };
};

const lengthOf = ({ bytes }: KeptBody): number => bytes?.length ?? 0;

/** Each body may have half of what there is, and what the other leaves of its half; those of the legs go first. */
const cutBodies = (given: Exchange, most: number): Exchange => {
  const all = [given.request.body, given.response.body, ...ownBodies(given.upstream)];
  if (all.reduce((sum, body) => sum + lengthOf(body), 0) <= most) return given;
  const without = ({ size }: KeptBody): KeptBody => ({ bytes: null, size, truncated: size > 0 });
  const exchange = { ...given, upstream: given.upstream && mapBodies(given.upstream, without) };
  const { request, response } = exchange;
  const asked = lengthOf(request.body);
  const answered = lengthOf(response.body);
  if (asked + answered <= most) return exchange;
  const half = Math.floor(most / 2);
  const cut = (body: KeptBody, other: number): KeptBody =>
    cutBody(body.bytes, Math.max(half, most - other), body.size, !body.truncated);
  return {
    ...exchange,
    request: { ...request, body: cut(request.body, answered) },
    response: { ...response, body: cut(response.body, asked) },
  };
};

/** An exchange that fits, however large it came, and what it takes of the journal's bytes. */
export interface Fitted {
  readonly exchange: Exchange;
  readonly head: string;
  readonly bytes: number;
}

/** Cuts what is larger than a row or than the whole journal may be: nothing is refused for its size. */
export const fit = (given: Exchange, maxBytes: number): Fitted => {
  let exchange = given;
  const writeHead = (): { readonly text: string; readonly bytes: number } => {
    const head: Head = headOf(exchange);
    const text = JSON.stringify(head);
    return { text, bytes: utf8(text).length };
  };
  let head = writeHead();
  if (head.bytes > HEAD_BYTES) {
    exchange = shortened(exchange);
    head = writeHead();
  }
  const cut = cutBodies(exchange, Math.max(0, maxBytes - head.bytes));
  if (cut !== exchange) {
    exchange = cut;
    head = writeHead();
  }
  const { request, response, upstream } = exchange;
  const bodies = [request.body, response.body, ...ownBodies(upstream)];
  const bytes = bodies.reduce((sum, body) => sum + lengthOf(body), head.bytes);
  return { exchange, head: head.text, bytes };
};
