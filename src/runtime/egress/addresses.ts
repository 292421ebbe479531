import ipaddr from "ipaddr.js";
import type { AllowedHost } from "../../lib/hosts.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** All of IPv6 that is given out to be reached (IANA's registry of its address space). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** Azure's WireServer: in public space, and answered by the host under each virtual machine. */
const METADATA: ReadonlySet<string> = new Set(["168.63.129.16"]);

/** Of a host as `normalHost` writes it. */
const addressOf = (host: string): Address => ipaddr.parse(host.replace(/^\[(.*)\]$/, "$1"));

/**
 * What an address is for, as ipaddr.js calls it after IANA's registries of special addresses; `public` is for everybody
 * to reach, and anything else is not. What holds an IPv4 address inside (mapped, NAT64, 6to4, Teredo) is never public.
 */
export const rangeOf = (host: string): string => {
  const address = addressOf(host);
  if (METADATA.has(address.toString())) return "metadata";
  const range: string = address.range();
  if (range !== "unicast") return range;
  return address.kind() === "ipv4" || address.match(GLOBAL_UNICAST) ? "public" : "reserved";
};

/** Whether an address is the one, or in the range, that an entry of `EGRESS_ALLOW` gives. No spelling of IPv4 in IPv6 is the IPv4. */
export const isWithin = (host: string, entry: Pick<AllowedHost, "host" | "prefix">): boolean => {
  if (entry.prefix === null) return entry.host === host;
  const address = addressOf(host);
  const base = addressOf(entry.host);
  return address.kind() === base.kind() && address.match(base, entry.prefix);
};
