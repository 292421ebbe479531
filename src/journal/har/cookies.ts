import type { HeaderPairs } from "../../lib/headers.ts";

/** HAR 1.2, "cookies"; `expires` in ISO 8601. */
export interface HarCookie {
  readonly name: string;
  readonly value: string;
  readonly path?: string;
  readonly domain?: string;
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

const pairOf = (text: string): Pair => {
  const at = text.indexOf("=");
  return at < 0
    ? { name: text.trim(), value: "" }
    : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
};

const valuesOf = (headers: HeaderPairs, wanted: string): readonly string[] =>
  headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);

/** Pieces without a name are none (RFC 6265, 5.2): a header that is redacted as a whole gives none. */
const isCookie = (text: string): boolean => text.indexOf("=") > 0;

export const requestCookies = (headers: HeaderPairs): readonly HarCookie[] =>
  valuesOf(headers, "cookie")
    .flatMap((value) => value.split(";"))
    .filter(isCookie)
    .map(pairOf);

/** What `Date` can hold, in ms (ECMA-262, 21.4.1.1): beyond it a date has no text. */
const LAST_DATE = 8.64e15;

/** `Max-Age` before `Expires` (RFC 6265, 5.3). `undefined` when neither says a time. */
const expiryOf = (
  maxAge: string | undefined,
  expires: string | undefined,
  now: number,
): string | undefined => {
  const lasts = maxAge !== undefined && /^-?\d+$/.test(maxAge) ? now + Number(maxAge) * 1000 : undefined;
  const time = lasts ?? Date.parse(expires ?? "");
  return Math.abs(time) <= LAST_DATE ? new Date(time).toISOString() : undefined;
};

const setCookie = (header: string, now: number): HarCookie => {
  const [first = "", ...rest] = header.split(";");
  const attributes = new Map(
    rest.map((text) => {
      const { name, value } = pairOf(text);
      return [name.toLowerCase(), value];
    }),
  );
  const path = attributes.get("path");
  const domain = attributes.get("domain");
  const expires = expiryOf(attributes.get("max-age"), attributes.get("expires"), now);
  return {
    ...pairOf(first),
    ...(path === undefined ? {} : { path }),
    ...(domain === undefined ? {} : { domain }),
    ...(expires === undefined ? {} : { expires }),
    httpOnly: attributes.has("httponly"),
    secure: attributes.has("secure"),
  };
};

/** `now` is when the answer was given: `Max-Age` counts from it. */
export const responseCookies = (headers: HeaderPairs, now: number): readonly HarCookie[] =>
  valuesOf(headers, "set-cookie")
    .filter((header) => isCookie(header.split(";", 1)[0] ?? ""))
    .map((header) => setCookie(header, now));
