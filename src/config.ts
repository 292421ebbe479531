import { fromBase64url } from "./lib/bytes.ts";
import { type AllowedHost, parseAllowedHost } from "./lib/hosts.ts";
import type { MasterKey } from "./secrets/index.ts";

/** The settings as they come: vars of wrangler.toml, secrets, or `.dev.vars`. */
export interface Settings {
  readonly HOOKS_HOST?: string | undefined;
  readonly PATH_STYLE?: string | undefined;
  readonly EGRESS_ALLOW?: string | undefined;
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
  /** The first seals, all open; without any there are no secrets. */
  readonly masterKeys: readonly MasterKey[];
}

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const MIN_TOKEN_LENGTH = 32;
const MASTER_KEY_BYTES = 32;

const entriesOf = (setting: string | undefined): readonly string[] =>
  (setting ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

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
    masterKeys: entriesOf(settings.MASTER_KEYS)
      .map(parseMasterKey)
      .filter((parsed) => typeof parsed !== "string"),
  };
};
