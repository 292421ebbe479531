import type { HeaderPair, HeaderPairs } from "../lib/headers.ts";
import type { Exchange } from "./exchange.ts";
import type { KeptUpstream } from "./upstream.ts";

/** What stands for a value that is not shown. */
export const REDACTED = "[redacted]";

/** The same within a URL, where brackets are none of a query's characters (RFC 3986). */
export const REDACTED_IN_URL = encodeURIComponent(REDACTED);

/** Whole names. All of them, and the parts below, without case and without anything but letters and digits. */
const NAMES: ReadonlySet<string> = new Set([
  "auth",
  "code",
  "key",
  "otp",
  "pass",
  "pwd",
  "session",
  "sid",
  "sig",
  "xauth",
]);

/** Parts of names: `X-Hub-Signature-256`, `access_token`, `apiKey`, `PHPSESSID`, `hub.verify_token`, … */
const PARTS = new RegExp(
  [
    "cookie",
    "authorization",
    "token",
    "secret",
    "signature",
    "hmac",
    "passw(or)?d",
    "passphrase",
    "passcode",
    "credential",
    "assertion",
    "samlresponse",
    "jwt",
    "sess(ion)?id",
    "(access|account|api|app|auth|client|consumer|functions?|master|private|service|subscription)key",
  ].join("|"),
);

/** Whether what a header, query parameter or cookie of this name holds is taken for a credential. A closed rule: docs/copies.md. */
export const isSecretName = (name: string): boolean => {
  const bare = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return NAMES.has(bare) || PARTS.test(bare);
};

/** As far as a name can be decoded, or a stray `%` would hide `%74oken`. */
const decodedName = (name: string): string =>
  name.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );

const redactPair = (pair: string): string => {
  const end = pair.indexOf("=");
  const name = pair.slice(0, Math.max(0, end));
  return end >= 0 && isSecretName(decodedName(name)) ? `${name}=${REDACTED_IN_URL}` : pair;
};

/** `&` always separates; `;` does for some readers, but never ends a credential before its `&`. */
const redactQuery = (query: string): string =>
  query
    .split("&")
    .map((pair) => {
      const whole = redactPair(pair);
      return whole === pair ? pair.split(";").map(redactPair).join(";") : whole;
    })
    .join("&");

const WHOLE_URL = /^([^?#]*)(\?[^#]*)?(#.*)?$/s;

/** The user part, and the parameters of query and fragment (implicit grants answer in it). */
const redactUrl = (url: string): string =>
  url.replace(WHOLE_URL, (_, head: string, query = "", fragment = "") => {
    const place = head.replace(/^([^/]*\/\/)[^/]*@/, `$1${REDACTED_IN_URL}@`);
    return (
      place + [query, fragment].map((part: string) => part.charAt(0) + redactQuery(part.slice(1))).join("")
    );
  });

/** Headers whose value is a URL that may carry what its query carries. */
const URL_HEADERS: ReadonlySet<string> = new Set(["content-location", "location", "referer"]);

const redactHeader = ([name, value]: HeaderPair): HeaderPair => {
  if (isSecretName(name)) return [name, REDACTED];
  return URL_HEADERS.has(name.toLowerCase()) ? [name, redactUrl(value)] : [name, value];
};

export const redactHeaders = (headers: HeaderPairs): HeaderPairs => headers.map(redactHeader);

const redactUpstream = ({ request, response, ...rest }: KeptUpstream): KeptUpstream => ({
  ...rest,
  request: { ...request, url: redactUrl(request.url), headers: redactHeaders(request.headers) },
  response: response && { ...response, headers: redactHeaders(response.headers) },
});

/**
 * The exchange as it is shown by default: credentials in headers, cookies, the URL's user part and its query are replaced.
 * Bodies are not looked at: they are what a journal is read for. A new value; nothing is changed in place.
 */
export const redactExchange = (exchange: Exchange): Exchange => {
  const { request, response, upstream } = exchange;
  return {
    ...exchange,
    upstream: upstream && redactUpstream(upstream),
    request: {
      ...request,
      url: redactUrl(request.url),
      rawQuery: request.rawQuery === null ? null : redactQuery(request.rawQuery),
      headers: redactHeaders(request.headers),
    },
    response: { ...response, headers: redactHeaders(response.headers) },
  };
};
