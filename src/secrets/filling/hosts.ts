import { isAddress, parsePort } from "../../lib/hosts.ts";
import type { FillPolicy } from "./outgoing.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };
const HTTPS_PORT = 443;

/** `undefined` for a scheme that is neither http nor https. */
export const portOf = ({ protocol, port }: URL): number | undefined =>
  port === "" ? DEFAULT_PORTS[protocol] : parsePort(port);

/** Of a secret's hosts, as they are stored: without a port is 443, and `*.domain` is every name below it. */
const isNamed = (entry: string, hostname: string, port: number): boolean => {
  if (entry.startsWith("*.")) {
    return port === HTTPS_PORT && hostname.endsWith(entry.slice(1)) && !isAddress(hostname);
  }
  const [, host, portText] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return host === hostname && port === (portText === undefined ? HTTPS_PORT : parsePort(portText));
};

/**
 * Whether a secret may go where a URL leads. The names are compared as the URL parser writes them, whole: no look-alike,
 * user part, final dot or other port passes. Without encryption only where the operator allows it.
 */
export const maySendTo = (hosts: readonly string[], url: URL, policy: FillPolicy): boolean => {
  const port = portOf(url);
  if (port === undefined) return false;
  if (url.protocol === "http:" && !policy.allowsPlainHttp(url.hostname, port)) return false;
  return hosts.some((entry) => isNamed(entry, url.hostname, port));
};
