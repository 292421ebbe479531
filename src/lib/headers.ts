/** A header as it stands in a list: order and repeats are kept. */
export type HeaderPair = readonly [name: string, value: string];
export type HeaderPairs = readonly HeaderPair[];

/** A token of RFC 9110, section 5.6.2. */
export const isHeaderName = (name: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);

/**
 * What a field value may hold once its outer white space is off: no NUL, CR or LF (request splitting),
 * and nothing above U+00FF, which the platform's `Headers` refuses.
 */
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
export const isHeaderValue = (value: string): boolean => !/[\0\r\n]|[^\0-\u00ff]/.test(value);

export const hasHeader = (pairs: HeaderPairs, name: string): boolean =>
  pairs.some(([given]) => given.toLowerCase() === name);

export const withoutHeader = (pairs: HeaderPairs, name: string): HeaderPairs =>
  pairs.filter(([given]) => given.toLowerCase() !== name);

/** Of one connection (RFC 9110, section 7.6.1), or set by the platform from the body that it really sends: no answer's to choose. */
export const SET_BY_PLATFORM: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Statuses whose answer has no body (Fetch, "null body status"): Workers refuse to build one with it. */
export const isBodyless = (status: number): boolean => status === 204 || status === 205 || status === 304;
