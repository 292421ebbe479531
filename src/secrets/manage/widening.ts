import type { FieldError } from "../../lib/errors.ts";
import type { Terms } from "../terms.ts";

/** Whether every request that `host` allows is one that `held` allows. Without a port both mean 443. */
const covers = (held: string, host: string): boolean =>
  held === host ||
  // A port's colon, or an address, never ends as a wildcard's domain does.
  (held.startsWith("*.") && host.endsWith(held.slice(1)));

/**
 * Whoever lets a secret go somewhere new must have it already: stops a key with `secrets:write` from sending a value
 * that it was never shown to a host of its own.
 */
export const wideningFaults = (held: Terms, wanted: Terms): readonly FieldError[] => {
  const message = (what: readonly string[]): string =>
    `${what.join(", ")}: give the secret's \`value\` in the same request to let it go there.`;
  const hosts = wanted.hosts.filter((host) => !held.hosts.some((one) => covers(one, host)));
  const places = wanted.places.filter((place) => !held.places.includes(place));
  return [
    ...(hosts.length === 0 ? [] : [{ path: "hosts", message: message(hosts) }]),
    ...(places.length === 0 ? [] : [{ path: "in", message: message(places) }]),
  ];
};
