import { isAddress } from "../../lib/hosts.ts";
import { rangeOf } from "./addresses.ts";
import type { Place } from "./host-patterns.ts";

/** Which hosts are this installation itself. */
export interface OwnHosts {
  /** Below it are the hooks. */
  readonly hooksHost: string;
  readonly consoleHosts: ReadonlySet<string>;
  /** Whether `/~handle/…` on the console's hosts are hooks as well. */
  readonly pathStyle: boolean;
  /** Where this machine's own names lead to us; `null`: not known yet, so all ports are taken for ours. Elsewhere every port is. */
  readonly port: number | null;
}

const isBelow = (host: string, domain: string): boolean => host.endsWith(`.${domain}`);

const isLocalName = (host: string): boolean => host === "localhost" || isBelow(host, "localhost");

/** Addresses by which a server of this machine can be reached, however they are written. */
const leadsHere = (host: string): boolean =>
  isAddress(host) && ["loopback", "unspecified", "ipv4Mapped"].includes(rangeOf(host));

/** Whether a place is this installation: its console, or one of its hooks. `path` is as the URL parser writes it. */
export const ownershipOf = (
  { host, port }: Pick<Place, "host" | "port">,
  path: string,
  own: OwnHosts,
): "console" | "hook" | null => {
  const isLocal = isLocalName(own.hooksHost);
  const isConsoles = own.consoleHosts.has(host) || host === own.hooksHost;
  const isHooks = !isConsoles && isBelow(host, own.hooksHost);
  if (!isConsoles && !isHooks && !(isLocal && leadsHere(host))) return null;
  // On this machine others listen on ports of their own; a domain of ours is ours on every port.
  if (isLocal && own.port !== null && own.port !== port) return null;
  if (isHooks) return "hook";
  // Not by an address that is none of our names: it may as well lead elsewhere.
  return isConsoles && own.pathStyle && /^\/(?:~|%7e)/i.test(path) ? "hook" : "console";
};
