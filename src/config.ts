import { fromBase64url } from "./lib/bytes.ts";
import { type AllowedHost, parseAllowedHost } from "./lib/hosts.ts";
import { parsePortRange, type PortRange } from "./lib/ports.ts";
import type { MasterKey } from "./secrets/index.ts";

/** The settings as they come: vars of wrangler.toml, secrets, or `.dev.vars`. */
export interface Settings {
  readonly HOOKS_HOST?: string | undefined;
  readonly PATH_STYLE?: string | undefined;
  readonly EGRESS_ALLOW?: string | undefined;
  readonly EGRESS_PORTS?: string | undefined;
  readonly EGRESS_RESOLVER?: string | undefined;
  /** The binding `send_email`, if there is one. */
  readonly EMAIL?: unknown;
  readonly EMAIL_FROM?: string | undefined;
  readonly MASTER_KEYS?: string | undefined;
  readonly ADMIN_TOKEN?: string | undefined;
}

export interface Config {
  /** Lower case, without a port. */
  readonly hooksHost: string;
  /** The hosts of API and console: `hooksHost`, and this machine's own names in local development. */
  readonly consoleHosts: ReadonlySet<string>;
  readonly pathStyle: boolean;
  /** `undefined`: operators' routes answer that they are not set up. */
  readonly adminToken: string | undefined;
  /** What may be reached although it is not public. */
  readonly allowedHosts: readonly AllowedHost[];
  /** Where anything may be reached, unless `allowedHosts` names another port. */
  readonly egressPorts: readonly PortRange[];
  /** DNS over HTTPS in JSON; `undefined`: names are not looked up before they are reached. */
  readonly egressResolver: string | undefined;
  /** What e-mail comes from; `undefined` when none is sent. */
  readonly emailFrom: string | undefined;
  /** The first seals, all open; without any there are no secrets. */
  readonly masterKeys: readonly MasterKey[];
}

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ADDRESS = /^[^\s@<>",;:]+@[^\s@<>",;:]+$/;
const MIN_TOKEN_LENGTH = 32;
const MASTER_KEY_BYTES = 32;
/** The web's own, and what needs no privilege to listen on: not mail, databases of old, or SSH. */
const DEFAULT_PORTS = "80,443,1024-65535";

const entriesOf = (setting: string | undefined): readonly string[] =>
  (setting ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

const portsOf = (setting: string | undefined): readonly string[] => {
  const entries = entriesOf(setting);
  return entries.length > 0 ? entries : entriesOf(DEFAULT_PORTS);
};

const isResolver = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const isLocal = (host: string): boolean => host === "localhost" || host.endsWith(".localhost");

/** One `ID:KEY`, or what is wrong with it. */
const parseMasterKey = (entry: string): MasterKey | string => {
  const [id, key, ...rest] = entry.split(":");
  if (id === undefined || !/^[A-Za-z0-9_-]{1,32}$/.test(id) || key === undefined || rest.length > 0) {
    return "MASTER_KEYS must read ID:KEY[,ID:KEY…], with an ID of letters, digits, _ and -.";
  }
  const bytes = fromBase64url(key);
  return bytes?.length === MASTER_KEY_BYTES
    ? { id, bytes }
    : `MASTER_KEYS: the key of "${id}" must be 32 bytes in base64url (43 characters). Make one with: node -p "crypto.randomBytes(32).toString('base64url')"`;
};

/** What is wrong with the settings, each as a sentence that says what to do; empty when all is well. Values of secrets are never named. */
export const checkSettings = (settings: Settings): readonly string[] => {
  const problems: string[] = [];
  const host = settings.HOOKS_HOST ?? "";
  if (!HOST.test(host)) {
    problems.push(
      `HOOKS_HOST must be a host name in lower case without scheme or port, like hooks.example.com, not "${host}".`,
    );
  }
  if (!["", "on", "off"].includes(settings.PATH_STYLE ?? "")) {
    problems.push(`PATH_STYLE must be "on", "off" or empty, not "${settings.PATH_STYLE}".`);
  }
  for (const entry of entriesOf(settings.EGRESS_ALLOW)) {
    if (parseAllowedHost(entry) === undefined) {
      problems.push(`EGRESS_ALLOW: "${entry}" is not a host, host:port, address or CIDR.`);
    }
  }
  for (const entry of portsOf(settings.EGRESS_PORTS)) {
    if (parsePortRange(entry) === undefined) {
      problems.push(`EGRESS_PORTS: "${entry}" is not a port, nor a range of them like 1024-65535.`);
    }
  }
  const resolver = settings.EGRESS_RESOLVER ?? "";
  if (resolver !== "" && !isResolver(resolver)) {
    problems.push(
      `EGRESS_RESOLVER must be the URL of DNS over HTTPS in JSON, like https://cloudflare-dns.com/dns-query, not "${resolver}".`,
    );
  }
  const from = settings.EMAIL_FROM ?? "";
  if (from !== "" && !ADDRESS.test(from)) {
    problems.push(`EMAIL_FROM must be an e-mail address, like hooks@example.com, not "${from}".`);
  }
  if (settings.EMAIL !== undefined && from === "") {
    problems.push("EMAIL_FROM must be the address that e-mail comes from, for there is a binding EMAIL.");
  }
  const token = settings.ADMIN_TOKEN ?? "";
  if (token !== "" && token.length < MIN_TOKEN_LENGTH && !isLocal(host)) {
    problems.push(`ADMIN_TOKEN must have at least ${MIN_TOKEN_LENGTH} characters outside local development.`);
  }
  const keys = entriesOf(settings.MASTER_KEYS);
  problems.push(...keys.map(parseMasterKey).filter((parsed) => typeof parsed === "string"));
  if (new Set(keys.map((entry) => entry.split(":")[0])).size < keys.length) {
    problems.push("MASTER_KEYS names the same ID twice.");
  }
  return problems;
};

/** The configuration of this isolate, or the sentences of `checkSettings`. */
export const parseConfig = (settings: Settings): Config | { readonly problems: readonly string[] } => {
  const problems = checkSettings(settings);
  if (problems.length > 0) return { problems };
  const hooksHost = settings.HOOKS_HOST ?? "";
  const local = isLocal(hooksHost);
  const style = settings.PATH_STYLE ?? "";
  return {
    hooksHost,
    consoleHosts: new Set(local ? [hooksHost, "localhost", "127.0.0.1", "[::1]"] : [hooksHost]),
    pathStyle: style === "on" || (style === "" && local),
    adminToken: settings.ADMIN_TOKEN === "" ? undefined : settings.ADMIN_TOKEN,
    allowedHosts: entriesOf(settings.EGRESS_ALLOW)
      .map(parseAllowedHost)
      .filter((allowed) => allowed !== undefined),
    egressPorts: portsOf(settings.EGRESS_PORTS)
      .map(parsePortRange)
      .filter((range) => range !== undefined),
    egressResolver: settings.EGRESS_RESOLVER === "" ? undefined : settings.EGRESS_RESOLVER,
    emailFrom: settings.EMAIL_FROM === "" ? undefined : settings.EMAIL_FROM,
    masterKeys: entriesOf(settings.MASTER_KEYS)
      .map(parseMasterKey)
      .filter((parsed) => typeof parsed !== "string"),
  };
};
