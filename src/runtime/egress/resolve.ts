import { fromUtf8 } from "../../lib/bytes.ts";
import { createLru } from "../../lib/lru.ts";
import { readBody, watchBody } from "./answer-body.ts";
import { type Refusal, refused } from "./policy.ts";

export interface Resolved {
  readonly kind: "resolved";
  /** Every name that the name is an alias of, and every address, as the resolver writes them. */
  readonly hosts: readonly string[];
}

/** Asks where a name leads. Whatever is not an answer is a refusal: an attacker who can make lookups fail gains nothing. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<Resolved | Refusal>;

export interface ResolverDeps {
  /** DNS over HTTPS in JSON, as Cloudflare's and Google's public resolvers have it. */
  readonly url: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
}

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const MOST_ALIASES = 8;
const MOST_TTL_SECONDS = 300;
const CACHE_BYTES = 1024 * 1024;
/** RFC 1035, section 3.2.2; RFC 3596 */
const TYPES = { A: 1, CNAME: 5, AAAA: 28 } as const;
const NXDOMAIN = 3;

const failed = (what: string): Refusal =>
  refused("resolver", `Failed to connect to upstream (its name could not be looked up: ${what})`);
const unknown = (host: string): Refusal =>
  refused("no-such-name", `Failed to connect to upstream (there is no ${host})`);

interface DnsRecord {
  readonly type: number;
  readonly ttl: number;
  readonly data: string;
}
interface DnsAnswer {
  readonly status: number;
  readonly records: readonly DnsRecord[];
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

/** `undefined` when it is not such an answer. */
const parseAnswer = (text: string): DnsAnswer | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { Status: status, TC: truncated, Answer: answer = [] } = fieldsOf(value);
  if (typeof status !== "number" || truncated === true || !Array.isArray(answer)) return undefined;
  const records: DnsRecord[] = [];
  for (const entry of answer) {
    const { type, TTL: ttl, data } = fieldsOf(entry);
    if (typeof type !== "number" || typeof ttl !== "number" || typeof data !== "string") return undefined;
    records.push({ type, ttl, data });
  }
  return { status, records };
};

const nameIn = (data: string): string => data.toLowerCase().replace(/\.$/, "");

/** One question. Never waits longer than 5 s, and leaves no timer. */
const ask = async (
  { url, fetch: send }: ResolverDeps,
  host: string,
  type: "A" | "AAAA",
  signal: AbortSignal,
): Promise<DnsAnswer | Refusal> => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), TIMEOUT_MS);
  try {
    const question = new URL(url);
    question.searchParams.set("name", host);
    question.searchParams.set("type", type);
    const response = await send(question.href, {
      headers: { accept: "application/dns-json" },
      redirect: "manual",
      signal: AbortSignal.any([signal, late.signal]),
    });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      return failed(`status ${response.status}`);
    }
    const watch = { most: MOST_BYTES, failure: () => undefined, onEnd: () => {} };
    const read = await readBody(watchBody(response.body, watch));
    const answer = read.kind === "bytes" ? parseAnswer(fromUtf8(read.bytes)) : undefined;
    if (answer === undefined) return failed("no readable answer");
    if (answer.status === NXDOMAIN) return unknown(host);
    return answer.status === 0 ? answer : failed(`DNS status ${answer.status}`);
  } catch {
    return failed(late.signal.aborted ? "timed out" : "no answer");
  } finally {
    clearTimeout(timer);
  }
};

/** Follows aliases that the resolver left open. */
const resolveOnce = async (
  deps: ResolverDeps,
  host: string,
  signal: AbortSignal,
): Promise<(Resolved & { readonly ttl: number }) | Refusal> => {
  const aliases = new Set<string>();
  let ttl = MOST_TTL_SECONDS;
  for (let name: string | undefined = host; name !== undefined;) {
    const current: string = name;
    const answers = await Promise.all([ask(deps, current, "A", signal), ask(deps, current, "AAAA", signal)]);
    const records: DnsRecord[] = [];
    for (const answer of answers) {
      if ("kind" in answer) return answer;
      records.push(...answer.records);
    }
    ttl = Math.min(ttl, ...records.map((record) => record.ttl));
    // All that it answered, whatever name it stands under: more is judged, never less.
    const known = aliases.size;
    for (const { type, data } of records) if (type === TYPES.CNAME) aliases.add(nameIn(data));
    const addresses = records.flatMap(({ type, data }) =>
      type === TYPES.A || type === TYPES.AAAA ? [data] : [],
    );
    if (addresses.length > 0) {
      return { kind: "resolved", hosts: [...new Set([...aliases, ...addresses])], ttl };
    }
    if (aliases.size === known || aliases.size > MOST_ALIASES) return unknown(host);
    name = [...aliases].at(-1);
  }
  return unknown(host);
};

/** What it has learned is kept for as long as the records say, 5 minutes at most; what failed is not kept. */
export const createResolve = (deps: ResolverDeps): Resolve => {
  const kept = createLru<{ readonly resolved: Resolved; readonly until: number }>(CACHE_BYTES);
  return async (host, signal) => {
    const known = kept.get(host);
    if (known !== undefined && deps.now() < known.until) return known.resolved;
    const found = await resolveOnce(deps, host, signal);
    if (found.kind === "refused") return found;
    const resolved: Resolved = { kind: "resolved", hosts: found.hosts };
    const bytes = found.hosts.reduce((sum, each) => sum + each.length, host.length + 100);
    if (found.ttl > 0) kept.set(host, { resolved, until: deps.now() + found.ttl * 1_000 }, bytes);
    return resolved;
  };
};
