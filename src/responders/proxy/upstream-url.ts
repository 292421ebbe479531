/** A path that a server behind may read as one that is not below the base, or as another host (path traversal, SSRF). */
const isTrick = (path: string): boolean =>
  path.startsWith("//") ||
  /[\\\0]|%5c|%00/i.test(path) ||
  path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));

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
