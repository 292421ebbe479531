import engine from "../build/engine.wasm";
import { type EdgeDeps, handle } from "../src/edge/index.ts";
import { parseAllowedHost } from "../src/lib/hosts.ts";
import { createResponders } from "../src/responders/index.ts";
import { createEgress, createRuntime } from "../src/runtime/index.ts";
import { createExecute } from "../src/scripts/index.ts";
import { createDb, createKv } from "../src/storage/index.ts";

/**
 * The hit path of a responder with an upstream, in a warm isolate inside workerd, beside a direct fetch of the same local
 * origin: in turns, so that all see the same machine. Clocks tick in whole milliseconds there, so batches are timed.
 */
interface PerfEnv {
  readonly DB: D1Database;
  readonly ROUTES: KVNamespace;
  readonly ORIGIN: string;
}

const BATCH = 100;
const BATCHES = 60;
const WARM_UP = 10;

/** A header and one field of JSON, each way as people do it. */
const CODE = `export function onRequest(request) { request.headers.set("x-added", "1"); }
export async function onResponse(response) {
  const body = await response.json();
  body.price = "1.00";
  return { headers: { "x-hooked": "1" }, body };
}`;
const PROGRAM = {
  form: "module",
  handlers: ["onRequest", "onResponse"],
  code: CODE,
  parts: [{ file: "script", line: 1, moves: null, map: null, renamed: {} }],
};

const responderAt = (path: string, origin: string, program: object | null): object => ({
  id: `rsp_${path.slice(1, 5)}`,
  name: path,
  label: null,
  methods: ["ANY"],
  path,
  enabled: true,
  response: { kind: "inline", response: { status: 200, headers: [], body: "" } },
  program,
  upstream: {
    url: origin,
    mode: "forward",
    headers: [],
    timeouts: { firstByteMs: 30_000, totalMs: 60_000 },
    retries: { attempts: 0 },
    onHookError: "fail",
  },
  kv: false,
  keep: 0,
});

const routesText = (origin: string): string =>
  JSON.stringify({
    version: 1,
    revision: 1,
    account: { id: "acc_0", handle: "perf", tier: "ultimate", overrides: "{}", suspended: false },
    responders: [
      responderAt("/plain/*", origin, null),
      responderAt("/hooked/*", origin, { hash: "hash", form: "module" }),
    ],
  });

const depsOf = (env: PerfEnv): EdgeDeps => {
  const missing = (what: string) => (): never => {
    throw new Error(`the hit path must not use ${what}`);
  };
  const egress = createEgress({
    rules: () => ({
      allowed: [parseAllowedHost(new URL(env.ORIGIN).host) ?? []].flat(),
      ports: [],
      own: { hooksHost: "localhost", consoleHosts: new Set(["localhost"]), pathStyle: true, port: 80 },
    }),
    resolverUrl: undefined,
    hopSecrets: [new Uint8Array(32)],
    now: Date.now,
  });
  const runtime = createRuntime({ module: engine, now: Date.now });
  const randomBytes = (count: number): Uint8Array<ArrayBuffer> =>
    crypto.getRandomValues(new Uint8Array(count));
  const reserve = () => ({ take: () => true, release: () => undefined });
  const responders = createResponders({
    db: createDb(env.DB),
    kv: {
      ...createKv(env.ROUTES, async () => undefined),
      getRoutes: async () => routesText(env.ORIGIN),
      getCode: async () => JSON.stringify(PROGRAM),
    },
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    defer: () => undefined,
    compile: missing("the compiler"),
    link: missing("the compiler"),
    execute: createExecute({ run: runtime.run, randomBytes }),
    urlOf: missing("URLs"),
    unmatchedOf: missing("a Durable Object"),
    stateOf: missing("a Durable Object"),
    eraseJournal: missing("a Durable Object"),
    secretHeads: missing("secrets"),
    resolveSecrets: missing("secrets"),
    touchSecrets: missing("secrets"),
    targetTerms: missing("notifications"),
    randomBytes,
    openOutlet: egress.open,
    refusalOf: egress.refusalOf,
    fillPolicy: { allowsPlainHttp: () => false },
    reserve,
    warn: missing("a warning"),
  });
  return {
    hosts: { hooksHost: "localhost", consoleHosts: new Set(["localhost"]), pathStyle: true },
    adminToken: undefined,
    now: Date.now,
    hopsOf: () => Promise.resolve(0),
    find: responders.find,
    grant: responders.grant,
    respond: responders.respond,
    recordUnmatched: responders.recordUnmatched,
    withinRate: async () => true,
    reserve,
    record: async () => undefined,
    console: missing("the console"),
    defer: (work) => void work.catch(() => undefined),
    logEvent: (event) => void JSON.stringify(event),
    logError: (_id, error) => {
      throw error;
    },
  };
};

const SENT = { headers: { accept: "application/json", "user-agent": "perf" } };

export default {
  fetch: async (_request: Request, env: PerfEnv): Promise<Response> => {
    const deps = depsOf(env);
    const through = (path: string) => (): Promise<Response> =>
      handle(new Request(`http://perf.localhost${path}/item`, SENT), deps);
    const ways: Readonly<Record<string, () => Promise<Response>>> = {
      direct: () => fetch(`${env.ORIGIN}/item`, { ...SENT, redirect: "manual" }),
      forwarded: through("/plain"),
      hooked: through("/hooked"),
    };
    const means: Record<string, number[]> = { direct: [], forwarded: [], hooked: [] };
    for (let batch = -WARM_UP; batch < BATCHES; batch += 1) {
      for (const [name, way] of Object.entries(ways)) {
        const begun = Date.now();
        for (let at = 0; at < BATCH; at += 1) {
          const response = await way();
          const text = await response.text();
          if (response.status !== 200) throw new Error(`${name}: ${response.status} ${text}`);
        }
        if (batch >= 0) means[name]?.push(((Date.now() - begun) * 1_000) / BATCH);
      }
    }
    return Response.json(means);
  },
};
