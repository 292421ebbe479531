/** Where a request goes, told by its URL alone. */
export type Location =
  /** API and console. `path` is raw. */
  | { readonly kind: "console"; readonly path: string }
  | HookLocation
  /** Neither our console nor one name under the hooks' host: 421. */
  | { readonly kind: "misdirected" };

export interface HookLocation {
  readonly kind: "hook";
  readonly handle: string;
  /** `""` is no label. */
  readonly label: string;
  readonly style: "host" | "path";
  /** Below the handle, raw, with its leading slash. */
  readonly path: string;
  /** Without the `?`; `null` without a query. */
  readonly rawQuery: string | null;
}

export interface Hosts {
  readonly hooksHost: string;
  readonly consoleHosts: ReadonlySet<string>;
  readonly pathStyle: boolean;
}

interface SplitUrl {
  readonly host: string;
  readonly path: string;
  readonly rawQuery: string | null;
}

/** Cuts the URL as text: `new URL` would resolve dot segments, and what they hide must stay visible. */
const split = (url: string): SplitUrl => {
  const authorityAt = url.indexOf("://") + 3;
  const end = url.slice(authorityAt).search(/[/?#]/);
  const pathAt = end < 0 ? url.length : authorityAt + end;
  const queryAt = url.indexOf("?", pathAt);
  const path = url.slice(pathAt, queryAt < 0 ? url.length : queryAt);
  return {
    host: url.slice(authorityAt, pathAt).toLowerCase().replace(/:\d+$/, ""),
    path: path.startsWith("/") ? path : `/${path}`,
    rawQuery: queryAt < 0 ? null : url.slice(queryAt + 1),
  };
};

/** `label-handle`: handles hold no hyphen, so the last one parts them. */
const splitName = (name: string): { readonly label: string; readonly handle: string } => {
  const hyphen = name.lastIndexOf("-");
  // `-handle` has an empty label, which nobody can have: it stays whole, and no handle is called that.
  return hyphen <= 0
    ? { label: "", handle: name }
    : { label: name.slice(0, hyphen), handle: name.slice(hyphen + 1) };
};

/** `~` also arrives percent-encoded. */
const PATH_STYLE = /^\/(?:~|%7e)([^/]*)(.*)$/is;

/** The host decides first; then, on the console's host, path style. `X-Forwarded-Host` is never looked at: senders write it. */
export const locate = (url: string, hosts: Hosts): Location => {
  const { host, path, rawQuery } = split(url);
  if (hosts.consoleHosts.has(host)) {
    const [, name, rest] = (hosts.pathStyle ? PATH_STYLE.exec(path) : null) ?? [];
    if (name === undefined || rest === undefined) return { kind: "console", path };
    return { kind: "hook", ...splitName(name), style: "path", path: rest === "" ? "/" : rest, rawQuery };
  }
  const suffix = `.${hosts.hooksHost}`;
  const name = host.endsWith(suffix) ? host.slice(0, -suffix.length) : "";
  if (name === "" || name.includes(".")) return { kind: "misdirected" };
  return { kind: "hook", ...splitName(name), style: "host", path, rawQuery };
};

/** Longer paths serve nobody; the query is bounded by the platform's own 16 KiB. */
export const MAX_PATH_LENGTH = 8_192;

/**
 * What no route may match: dot segments in any spelling, backslashes and NUL. They mean one thing here and another to the
 * server behind (path traversal), so they are refused before anything reads them. `undefined` when the path is in order.
 */
export const pathFault = (path: string): string | undefined => {
  if (/\\|%5c/i.test(path)) return "The path holds a backslash.";
  if (path.includes("\0") || path.includes("%00")) return "The path holds a NUL.";
  const dots = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  return dots ? "The path holds a dot segment." : undefined;
};
