import { type HeaderPairs, isHeaderName, isHeaderValue, SET_BY_PLATFORM } from "../../lib/headers.ts";
import { HOPS_HEADER } from "../../lib/hops.ts";
import { type Refusal, refused } from "./policy.ts";

export type EgressBody =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "stream"; readonly stream: ReadableStream<Uint8Array> }
  /** The body of a request that came in: the only way to send one with a GET. */
  | { readonly kind: "request"; readonly request: Request };

/** A request as it is about to leave. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: EgressBody | null;
}

/** Whom a request is for, as its headers come. */
export type EgressHeaders =
  /** A script's: what it may not set fails the request. */
  | { readonly kind: "script"; readonly pairs: HeaderPairs }
  /** An upstream leg's: the platform's own object, which alone keeps repeats and bytes. The proxy has seen to it. */
  | { readonly kind: "leg"; readonly headers: Headers };

/** What the platform takes, by measurement. CONNECT, TRACE and TRACK would make an upstream act as a proxy, or show what was filled in. */
const METHODS: ReadonlySet<string> = new Set(
  `ACL BAN CHECKOUT COPY DELETE GET HEAD LOCK MERGE MKACTIVITY MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH POST PROPFIND
    PROPPATCH PURGE PUT QUERY REPORT SEARCH SUBSCRIBE UNLOCK UNSUBSCRIBE`.split(/\s+/),
);

/** Who sends, through what, and how it is framed: a script that could say it would forge hops or smuggle requests. */
const NOT_A_SCRIPTS: ReadonlySet<string> = new Set([
  ...SET_BY_PLATFORM,
  "cdn-loop",
  "expect",
  "forwarded",
  "host",
  "via",
  HOPS_HEADER,
]);
const NOT_A_SCRIPTS_PREFIXES = ["cf-", "x-forwarded-"];

/** Whether a header is none that a script may set, whatever its value. An underscore counts as a hyphen: many servers tell none from the other. */
export const isKeptFromScripts = (name: string): boolean => {
  const plain = name.toLowerCase().replaceAll("_", "-");
  return NOT_A_SCRIPTS.has(plain) || NOT_A_SCRIPTS_PREFIXES.some((prefix) => plain.startsWith(prefix));
};

const headerFault = ([name, value]: HeaderPairs[number]): Refusal | undefined => {
  if (!isHeaderName(name)) return refused("header", `Invalid header name: ${JSON.stringify(name)}`);
  if (isKeptFromScripts(name)) return refused("header", `The header ${name} is not for scripts to set`);
  return isHeaderValue(value) ? undefined : refused("header", `Invalid header value of ${name}`);
};

/** The request as it would leave, or what is wrong with it. */
export const outgoingOf = (request: {
  readonly method: string;
  readonly url: string;
  readonly headers: EgressHeaders;
  readonly body: EgressBody | null;
}): Outgoing | Refusal => {
  const { url, headers, body } = request;
  const method = request.method.toUpperCase();
  if (!METHODS.has(method)) return refused("method", `Invalid HTTP method: ${JSON.stringify(method)}`);
  if ((method === "GET" || method === "HEAD") && body !== null && body.kind !== "request") {
    return refused("body", `A ${method} request has no body`);
  }
  if (headers.kind === "leg") return { method, url, headers: headers.headers, body };
  for (const pair of headers.pairs) {
    const fault = headerFault(pair);
    if (fault !== undefined) return fault;
  }
  const own = new Headers();
  for (const [name, value] of headers.pairs) own.append(name, value);
  return { method, url, headers: own, body };
};
