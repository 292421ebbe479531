import type { FieldError } from "../../lib/errors.ts";
import { type AllowedHost, isAddress, namesHost, normalHost, parsePort } from "../../lib/hosts.ts";

/** What the installation says of hosts. */
export interface HostRules {
  /** Under it are the hooks, which are answered by scripts of whoever has an account. */
  readonly hooksHost: string;
  readonly consoleHosts: ReadonlySet<string>;
  /** The operator's list of what may be reached although it is not public. */
  readonly allowed: readonly AllowedHost[];
}

/** Whether many who do not know each other have names under this one: `com`, `co.uk`, `github.io`. */
export type IsPublicSuffix = (domain: string) => boolean;

/** A host as it is stored, or why it is refused. */
export type CheckedHost =
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "refused"; readonly message: string };

const MOST_HOSTS = 50;
const HTTPS_PORT = 443;

const refused = (message: string): CheckedHost => ({ kind: "refused", message });

const isLocal = (host: string): boolean => host === "localhost" || host.endsWith(".localhost");

const isBelow = (host: string, domain: string): boolean => host.endsWith(`.${domain}`);

/** Whose scripts answer there, anybody may decide: a secret sent to them is given away. */
const isOurs = (host: string, { hooksHost, consoleHosts }: HostRules): boolean =>
  consoleHosts.has(host) || host === hooksHost || isBelow(host, hooksHost);

const checkWildcard = (text: string, rules: HostRules, isPublicSuffix: IsPublicSuffix): CheckedHost => {
  const domain = normalHost(text.slice(2));
  if (domain === undefined || isAddress(domain)) {
    return refused("A wildcard is `*.` and a domain, like `*.example.com`, without a port.");
  }
  if (isPublicSuffix(domain)) {
    return refused(`Anybody can have a name under ${domain}: name the hosts, or a domain of one owner.`);
  }
  if (isLocal(domain) || isOurs(domain, rules) || isBelow(rules.hooksHost, domain)) {
    return refused(`Under ${domain} are hosts of this installation, where anybody's script may answer.`);
  }
  return { kind: "host", host: `*.${domain}` };
};

/**
 * `host`, `host:port` (none is 443) or `*.domain`, normalised by the URL parser, so that no spelling gets round the
 * rules: no address and no name of this machine unless the operator's list names it, nothing of our own.
 */
export const checkHost = (given: string, rules: HostRules, isPublicSuffix: IsPublicSuffix): CheckedHost => {
  if (given === "*") return refused("`*` alone is everywhere: name the hosts that need the secret.");
  if (given.startsWith("*.")) return checkWildcard(given, rules, isPublicSuffix);
  const [, name = "", portText] = /^(.*?)(?::(\d+))?$/.exec(given) ?? [];
  const host = normalHost(name);
  if (host === undefined) {
    return refused(
      "A host is a name like `api.example.com`, `api.example.com:8443` or `*.example.com`; without a scheme, a path or a user.",
    );
  }
  const port = portText === undefined ? HTTPS_PORT : parsePort(portText);
  if (port === undefined) return refused("A port is 1 to 65535.");
  const stored: CheckedHost = { kind: "host", host: port === HTTPS_PORT ? host : `${host}:${port}` };
  if (isAddress(host) || isLocal(host)) {
    if (namesHost(rules.allowed, host, port)) return stored;
    const what = isAddress(host) ? "An address" : "A name of this machine";
    return refused(
      `${what} can be given only when the operator's EGRESS_ALLOW names it, with this port or any.`,
    );
  }
  return isOurs(host, rules)
    ? refused(`${host} is a host of this installation, where anybody's script may answer.`)
    : stored;
};

/** All of them, each once; `faults` gets what is wrong, under `hosts`. */
export const checkHosts = (
  given: readonly string[],
  rules: HostRules,
  isPublicSuffix: IsPublicSuffix,
  faults: FieldError[],
): readonly string[] => {
  if (given.length > MOST_HOSTS) {
    faults.push({ path: "hosts", message: `At most ${MOST_HOSTS} hosts.` });
    return [];
  }
  const hosts: string[] = [];
  for (const [index, text] of given.entries()) {
    const checked = checkHost(text, rules, isPublicSuffix);
    const path = `hosts.${index}`;
    if (checked.kind === "refused") faults.push({ path, message: checked.message });
    else if (hosts.includes(checked.host)) faults.push({ path, message: `${checked.host} is named twice.` });
    else hosts.push(checked.host);
  }
  return hosts;
};
