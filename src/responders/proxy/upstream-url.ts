/**
 * A path that a server behind may read as one that is not below the base, or as another host (path traversal, SSRF). Many
 * decode `%2F` before they resolve dots, and some take off what follows a `;` (RFC 3986, section 3.3).
 */
const isTrick = (path: string): boolean =>
  /^\/(?:\/|%2f)/i.test(path) ||
  /[\\\0]|%5c|%00/i.test(path) ||
  path.split(/\/|%2f/i).some((segment) => /^(?:\.|%2e){1,2}(?:;.*)?$/is.test(segment));

/**
 * Where a request goes: the base's origin and path, and the sender's path behind it as text, never resolved; the query as it
 * came. `undefined` when what the parser makes of that is no longer below the base: nothing may leave then.
 */
export const upstreamUrl = (base: string, path: string, rawQuery: string | null): string | undefined => {
  if (!path.startsWith("/") || isTrick(path)) return undefined;
  const { origin, pathname } = new URL(base);
  const below = pathname.replace(/\/$/, "");
  const text = `${origin}${below}${path}${rawQuery === null ? "" : `?${rawQuery}`}`;
  const parsed = URL.parse(text);
  if (parsed?.origin !== origin || !parsed.pathname.startsWith(`${below}/`)) return undefined;
  return text;
};
