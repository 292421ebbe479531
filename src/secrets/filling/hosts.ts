import { isAddress, parsePort } from "../../lib/hosts.ts";
import type { FillPolicy } from "./outgoing.ts";

const HTTPS_PORT = 443;
const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["http:", 80],
  ["https:", HTTPS_PORT],
]);

/** `undefined` for a scheme that is neither http nor https, whatever port is named: `ftp` and `ws` encrypt nothing. */
const portOf = ({ protocol, port }: URL): number | undefined => {
  const usual = DEFAULT_PORTS.get(protocol);
  return usual === undefined || port === "" ? usual : parsePort(port);
};

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
