import { type AllowedHost, isAddress, normalHost } from "../../lib/hosts.ts";
import { includesPort, type PortRange } from "../../lib/ports.ts";
import { isWithin, rangeOf } from "./addresses.ts";
import { type HostPattern, matchesPattern, type Place } from "./host-patterns.ts";
import { type OwnHosts, ownershipOf } from "./own-hosts.ts";

/** What the installation says: its settings, and which hosts are itself. */
export interface EgressRules {
  /** `EGRESS_ALLOW`: what may be reached although it is not public, or on a port that is not in `ports`. */
  readonly allowed: readonly AllowedHost[];
  /** `EGRESS_PORTS`. */
  readonly ports: readonly PortRange[];
  readonly own: OwnHosts;
}

/** What an account or a responder grants. It only narrows: nothing here opens what the rules keep shut. */
export type Reach =
  | { readonly kind: "none" }
  | { readonly kind: "hosts"; readonly patterns: readonly HostPattern[] }
  | { readonly kind: "public" };

export type RefusalCode =
  | "bad-url"
  | "scheme"
  | "user-part"
  | "own"
  | "not-granted"
  | "not-listed"
  | "address"
  | "name"
  | "port"
  /** By the resolver: no such name, or no answer that could be had. */
  | "no-such-name"
  | "resolver"
  /** Not by where it goes, but by what is sent. */
  | "method"
  | "header"
  | "body"
  | "redirect"
  | "hops";

export interface Refusal {
  readonly kind: "refused";
  readonly code: RefusalCode;
  readonly message: string;
}

export interface Allowed {
  readonly kind: "allowed";
  readonly url: URL;
  readonly host: string;
  readonly port: number;
  /** A hook of this very installation. */
  readonly own: "hook" | null;
  /** A name of which only its addresses can tell whether it is public. */
  readonly lookUp: boolean;
}

export type Verdict = Allowed | Refusal;

export const refused = (code: RefusalCode, message: string): Refusal => ({ kind: "refused", code, message });

const notPublic = (code: RefusalCode, what: string): Refusal =>
  refused(code, `URL not allowed (non-public address): ${what}`);

/**
 * Names that lead into somebody's own network: RFC 6761, 6762, 7686, 8375 and 9476, ICANN's `internal`, and those that it
 * gives to nobody because networks use them (`corp`, `home`).
 */
const INNER_SUFFIXES: ReadonlySet<string> = new Set(
  "alt arpa corp home internal intranet invalid lan local localdomain localhost onion private test".split(
    " ",
  ),
);
/** Where clouds tell a machine its credentials, by names that look public. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata.goog",
  "metadata.packet.net",
  "metadata.platformequinix.com",
  "metadata.tencentyun.com",
]);

/** What the operator's list says of a place: it names host and port, or the host on the ports that are open anyway. */
const openedBy = (
  allowed: readonly AllowedHost[],
  { host, port }: Pick<Place, "host" | "port">,
): "host" | "host-and-port" | null => {
  const naming = allowed.filter((entry) =>
    entry.prefix === null ? entry.host === host : isAddress(host) && isWithin(host, entry),
  );
  if (naming.some((entry) => entry.port === port)) return "host-and-port";
  return naming.some((entry) => entry.port === null) ? "host" : null;
};

const OWN = refused("own", "URL not allowed (this installation): its API and console are not for scripts");

const innerName = (host: string): Refusal | undefined => {
  const last = host.slice(host.lastIndexOf(".") + 1);
  return last === host || INNER_SUFFIXES.has(last) || METADATA_NAMES.has(host)
    ? notPublic("name", host)
    : undefined;
};

const innerAddress = (host: string): Refusal | undefined => {
  const range = rangeOf(host);
  return range === "public" ? undefined : notPublic("address", `${host} (${range})`);
};

/** Stops reaching, through whatever spelling or name, what only this network reaches (SSRF). `undefined`: it may be reached. */
const refusalOfPlace = (place: Pick<Place, "host" | "port">, rules: EgressRules): Refusal | undefined => {
  const opened = openedBy(rules.allowed, place);
  if (opened === "host-and-port") return undefined;
  if (opened === null) {
    const inner = isAddress(place.host) ? innerAddress(place.host) : innerName(place.host);
    if (inner !== undefined) return inner;
  }
  return includesPort(rules.ports, place.port)
    ? undefined
    : refused("port", `URL not allowed (port ${place.port})`);
};

const refusalByReach = (reach: Reach, place: Place): Refusal | undefined => {
  switch (reach.kind) {
    case "public":
      return undefined;
    case "none":
      return refused("not-granted", "URL not allowed (no egress is granted)");
    case "hosts":
      return reach.patterns.some((pattern) => matchesPattern(pattern, place))
        ? undefined
        : refused(
            "not-listed",
            `URL not allowed (${place.host}:${place.port} is not among the granted hosts)`,
          );
  }
};

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["http:", 80],
  ["https:", 443],
]);

/** Whether a URL, as a script wrote it, may be reached. Redirects are judged one by one like any other URL. */
export const judge = (text: string, rules: EgressRules, reach: Reach): Verdict => {
  // The parser is the platform's: what it makes of a spelling is what would be reached.
  if (!URL.canParse(text)) return refused("bad-url", "Invalid URL");
  const url = new URL(text);
  const defaultPort = DEFAULT_PORTS.get(url.protocol);
  if (defaultPort === undefined) return refused("scheme", "URL not allowed (only http and https)");
  if (url.username !== "" || url.password !== "") {
    return refused("user-part", "URL not allowed (user name or password in it)");
  }
  const host = normalHost(url.hostname);
  if (host === undefined) return refused("bad-url", "Invalid URL (host)");
  const place = { host, port: url.port === "" ? defaultPort : Number(url.port), defaultPort };
  const ownership = ownershipOf(place, url.pathname, rules.own);
  if (ownership === "console") return OWN;
  const narrowed = refusalByReach(reach, place);
  if (narrowed !== undefined) return narrowed;
  const { port } = place;
  if (ownership === "hook") {
    const open = includesPort(rules.ports, port);
    return open
      ? { kind: "allowed", url, host, port, own: "hook", lookUp: false }
      : refused("port", `URL not allowed (port ${port})`);
  }
  const refusal = refusalOfPlace(place, rules);
  if (refusal !== undefined) return refusal;
  const lookUp = !isAddress(host) && openedBy(rules.allowed, place) === null;
  return { kind: "allowed", url, host, port, own: null, lookUp };
};

/** What a name that was let through turned out to be: every name on the way to its addresses, and every address. */
export const judgeResolved = (
  hosts: readonly string[],
  port: number,
  rules: EgressRules,
): Refusal | undefined => {
  for (const text of hosts) {
    const host = normalHost(text.includes(":") ? `[${text}]` : text);
    const isRefused =
      host === undefined ||
      ownershipOf({ host, port }, "/", rules.own) !== null ||
      refusalOfPlace({ host, port }, rules) !== undefined;
    // Which address it was is the operator's network's business.
    if (isRefused) return notPublic("address", "the name leads to one");
  }
  return undefined;
};
