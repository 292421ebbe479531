/** A DNS name of letters, digits, hyphens and underscores; the labels between the dots have 1 to 63 of them. */
const NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** What the URL parser would drop, or take for another part of a URL. */
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const NO_HOST = /[\0-\x20\x7f/\\?#@]/;
const MOST_PORT = 65_535;

/** Of a host as `normalHost` writes it. */
export const isAddress = (host: string): boolean => host.startsWith("[") || /^\d+(?:\.\d+){3}$/.test(host);

/**
 * A host without a port as the URL parser writes it: lower case, punycode, every spelling of an IPv4 address as four
 * numbers, IPv6 in brackets; a final dot is taken off. `undefined` when it is no host.
 */
export const normalHost = (text: string): string | undefined => {
  if (NO_HOST.test(text) || (text.includes(":") && !text.startsWith("[")) || text.endsWith(":")) {
    return undefined;
  }
  const url = `https://${text}`;
  if (!URL.canParse(url)) return undefined;
  const host = new URL(url).hostname.replace(/\.$/, "");
  return isAddress(host) || NAME.test(host) ? host : undefined;
};

/** 1 to 65,535 in decimal digits. */
export const parsePort = (text: string): number | undefined => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= MOST_PORT ? port : undefined;
};

/** One entry of a list of hosts that may be reached: a name, an address or a range of them, on one port or on any. */
export interface AllowedHost {
  /** As `normalHost` writes it. */
  readonly host: string;
  /** Of a range of addresses (CIDR): how many leading bits count; `null` for one host. */
  readonly prefix: number | null;
  /** `null` is any. */
  readonly port: number | null;
}

const ENTRY = /^(\[[0-9a-f:.]+\]|[0-9a-z_.-]+|[0-9a-f:]+)(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/i;

/** `host`, `host:port`, an address, or a CIDR with an optional port; `undefined` for anything else. */
export const parseAllowedHost = (text: string): AllowedHost | undefined => {
  const [, given = "", prefixText, portText] = ENTRY.exec(text) ?? [];
  const host = normalHost(given.includes(":") && !given.startsWith("[") ? `[${given}]` : given);
  const port = portText === undefined ? null : parsePort(portText);
  if (host === undefined || port === undefined) return undefined;
  if (prefixText === undefined) return { host, prefix: null, port };
  const prefix = Number(prefixText);
  const most = host.startsWith("[") ? 128 : 32;
  // Of a range, `10/8` is said for 10.0.0.0/8, and the URL parser reads 0.0.0.10.
  const isWhole = given.includes(":") || isAddress(given);
  return isWhole && isAddress(host) && prefix <= most ? { host, prefix, port } : undefined;
};

/** Whether an entry of the list is this very host; a range of addresses names none. */
export const namesHost = (list: readonly AllowedHost[], host: string, port: number): boolean =>
  list.some(
    (entry) => entry.prefix === null && entry.host === host && (entry.port === null || entry.port === port),
  );
