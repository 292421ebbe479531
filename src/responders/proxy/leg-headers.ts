import { SET_BY_PLATFORM } from "../../lib/headers.ts";
import { HOPS_HEADER } from "../../lib/hops.ts";
import type { Hit } from "../hit.ts";

/** Of one connection (RFC 9110, sections 7.6.1 and 7.8, and what came before them). */
const HOP_BY_HOP: readonly string[] = [
  ...[...SET_BY_PLATFORM].filter((name) => name !== "content-length"),
  "proxy-authenticate",
  "proxy-authorization",
];

/** Each is the sender's word on who it is, or what the platform told us alone. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  "cdn-loop",
  "expect",
  "forwarded",
  "host",
  "x-real-ip",
  HOPS_HEADER,
]);
const NOT_PASSED_ON_PREFIXES = ["cf-", "x-forwarded-"];

/** An underscore counts as a hyphen: servers that hand headers on as variables (RFC 3875, section 4.1.18) tell none from the other. */
const isPassedOn = (name: string): boolean => {
  const hyphened = name.replaceAll("_", "-");
  return (
    !NOT_PASSED_ON.has(hyphened) && !NOT_PASSED_ON_PREFIXES.some((prefix) => hyphened.startsWith(prefix))
  );
};

/** What belongs to the connection that it came by: also what its `connection` names. */
export const dropHopByHop = (headers: Headers): void => {
  const named = (headers.get("connection") ?? "").split(",").map((name) => name.trim().toLowerCase());
  for (const name of [...named, ...HOP_BY_HOP]) {
    // What is no token cannot be there.
    if (/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) headers.delete(name);
  }
};

/** A node of RFC 7239, section 6: an IPv6 address stands in brackets and quotes. */
const forwardedFor = (ip: string): string => (ip.includes(":") ? `"[${ip}]"` : ip);

/** As a quoted string of RFC 9110, section 5.6.4. */
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;

/**
 * A sender's headers as they go to an upstream, changed in place. Who the sender is we say ourselves: what it said of that
 * itself may be a lie.
 */
export const toLegHeaders = (headers: Headers, { url, client }: Pick<Hit, "url" | "client">): void => {
  dropHopByHop(headers);
  for (const name of Array.from(headers.keys())) if (!isPassedOn(name)) headers.delete(name);
  const { host, protocol } = new URL(url);
  const proto = protocol.slice(0, -1);
  if (client.ip !== null) headers.set("x-forwarded-for", client.ip);
  headers.set("x-forwarded-host", host);
  headers.set("x-forwarded-proto", proto);
  const by = client.ip === null ? "" : `for=${forwardedFor(client.ip)};`;
  headers.set("forwarded", `${by}host=${quoted(host)};proto=${proto}`);
};
