import type { Hit } from "../hit.ts";
import type { Upstream } from "../proxy/upstream.ts";
import { upstreamUrl } from "../proxy/upstream-url.ts";

/** Where a request that a hook let go on goes to. */
export type Target =
  | {
      readonly kind: "upstream";
      readonly url: string;
      /** The hook wrote it. */
      readonly isChanged: boolean;
    }
  /** By the responder's own reach. */
  | { readonly kind: "elsewhere"; readonly url: string }
  /** The sender's path, or the hook's. */
  | { readonly kind: "bad-path"; readonly isChanged: boolean }
  | { readonly kind: "unfit"; readonly message: string };

/** What stands before the path below the handle: in path style the handle itself does. */
const prefixOf = ({ url, path, rawQuery }: Pick<Hit, "url" | "path" | "rawQuery">): string => {
  const tail = `${path}${rawQuery === null ? "" : `?${rawQuery}`}`;
  const { origin } = new URL(url);
  const whole = url.slice(origin.length);
  return whole.endsWith(tail) ? whole.slice(0, whole.length - tail.length) : "";
};

/**
 * `url`: as the hook left it. `shown` is the hit as the hook saw it, `received` as it came: the same but in a replay. What is on
 * the hook's own origin, below its handle, goes to the upstream as a sender's would.
 */
export const targetOf = (
  url: string,
  { shown, received, upstream }: { readonly shown: Hit; readonly received: Hit; readonly upstream: Upstream },
): Target => {
  if (url === shown.url) {
    const mapped = upstreamUrl(upstream.url, received.path, received.rawQuery);
    return mapped === undefined
      ? { kind: "bad-path", isChanged: false }
      : { kind: "upstream", url: mapped, isChanged: false };
  }
  const parsed = URL.parse(url);
  if (parsed === null) return { kind: "unfit", message: "The URL to forward to does not parse." };
  const prefix = prefixOf(shown);
  if (parsed.origin !== new URL(shown.url).origin || !parsed.pathname.startsWith(`${prefix}/`)) {
    // A fragment is none of a server's business.
    return { kind: "elsewhere", url: url.replace(/#.*$/s, "") };
  }
  const rawQuery = parsed.search === "" ? null : parsed.search.slice(1);
  const mapped = upstreamUrl(upstream.url, parsed.pathname.slice(prefix.length), rawQuery);
  return mapped === undefined
    ? { kind: "bad-path", isChanged: true }
    : { kind: "upstream", url: mapped, isChanged: true };
};
