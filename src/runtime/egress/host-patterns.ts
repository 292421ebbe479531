import { isAddress, normalHost, parsePort } from "../../lib/hosts.ts";

/** One entry of an account's or a responder's own list. */
export interface HostPattern {
  /** As `normalHost` writes it. */
  readonly host: string;
  /** Every name below `host`, and not `host` itself. */
  readonly below: boolean;
  /** `null` is the scheme's own: 443 of https, 80 of http. */
  readonly port: number | null;
}

/** `host`, `host:port` or `*.domain`; `undefined` for anything else. */
export const parseHostPattern = (text: string): HostPattern | undefined => {
  const below = text.startsWith("*.");
  const [, name = "", portText] = /^(.*?)(?::(\d+))?$/s.exec(below ? text.slice(2) : text) ?? [];
  const host = normalHost(name);
  const port = portText === undefined ? null : parsePort(portText);
  if (host === undefined || port === undefined) return undefined;
  return below && (isAddress(host) || port !== null) ? undefined : { host, below, port };
};

/** A place as the policy sees it. */
export interface Place {
  /** As `normalHost` writes it. */
  readonly host: string;
  readonly port: number;
  readonly defaultPort: number;
}

export const matchesPattern = (pattern: HostPattern, { host, port, defaultPort }: Place): boolean =>
  port === (pattern.port ?? defaultPort) &&
  (pattern.below ? host.endsWith(`.${pattern.host}`) : host === pattern.host);
