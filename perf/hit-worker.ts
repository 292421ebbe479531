import { handle, type EdgeDeps } from "../src/edge/index.ts";
import { createRecorder } from "../src/journal/index.ts";
import { createResponders, type Lookup } from "../src/responders/index.ts";
import { createDb, createKv } from "../src/storage/index.ts";

/**
 * The hit path of a static responder in a warm isolate, in a loop inside workerd: everything but the sandbox, the network
 * and the log's console. Clocks tick in whole milliseconds there, so what is timed is a batch, and its mean is given.
 */
interface PerfEnv {
  readonly DB: D1Database;
  readonly ROUTES: KVNamespace;
  readonly RATE: RateLimit;
}

const BATCH_MS = 50;
const BATCHES = 40;
const STEP = 100;

const routesText = (count: number): string =>
  JSON.stringify({
    version: 1,
    revision: 1,
    account: { id: "acc_0", handle: "perf", tier: "ultimate", overrides: "{}", suspended: false },
    responders: Array.from({ length: count }, (_, index) => ({
      id: `rsp_${index}`,
      name: `Responder ${index}`,
      label: null,
      methods: ["POST"],
      path: `/events/:source/kind-${index}`,
      enabled: true,
      response: {
        kind: "inline",
        response: { status: 200, headers: [["content-type", "application/json"]], body: '{"ok":true}' },
      },
      program: null,
    })),
  });

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const deferred: Promise<unknown>[] = [];

interface Given {
  readonly withinRate: EdgeDeps["withinRate"];
  readonly record: EdgeDeps["record"];
}

const depsOf = (env: PerfEnv, count: number, { withinRate, record }: Given): EdgeDeps => {
  const kv = { ...createKv(env.ROUTES, async () => undefined), getRoutes: async () => routesText(count) };
  const missing = (what: string) => (): never => {
    throw new Error(`the hit path must not use ${what}`);
  };
  const responders = createResponders({
    db: createDb(env.DB),
    kv,
    now: Date.now,
    sleep,
    defer: () => undefined,
    compile: missing("the compiler"),
    link: missing("the compiler"),
    execute: missing("the sandbox"),
    urlOf: missing("URLs"),
    unmatchedOf: missing("a Durable Object"),
    stateOf: missing("a Durable Object"),
    eraseJournal: missing("a Durable Object"),
    secretHeads: missing("secrets"),
    resolveSecrets: missing("secrets"),
    touchSecrets: missing("secrets"),
    targetTerms: missing("notifications"),
    randomBytes: missing("randomness"),
    openOutlet: missing("an upstream"),
    refusalOf: missing("an upstream"),
    fillPolicy: { allowsPlainHttp: missing("an upstream") },
    reserve: missing("room for an answer"),
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
    withinRate,
    reserve: () => ({ take: () => true, release: () => undefined }),
    record,
    console: missing("the console"),
    defer: (work) => void deferred.push(work),
    logEvent: (event) => void JSON.stringify(event),
    logError: (_id, error) => {
      throw error;
    },
  };
};

const hit = async (deps: EdgeDeps, count: number, at: number): Promise<void> => {
  const request = new Request(`http://perf.localhost/events/github/kind-${at % count}?delivery=${at}`, {
    method: "POST",
    body: '{"action":"opened"}',
    headers: { "content-type": "application/json", "user-agent": "perf", "x-event": "push" },
  });
  const response = await handle(request, deps);
  if (response.status !== 200) throw new Error(`status ${response.status}`);
};

/** Means of batches, in microseconds, sorted. */
const measure = async (deps: EdgeDeps, count: number): Promise<readonly number[]> => {
  const means: number[] = [];
  let at = 0;
  for (let batch = -3; batch < BATCHES; batch += 1) {
    const begun = Date.now();
    let done = 0;
    while (Date.now() - begun < BATCH_MS) {
      for (let step = 0; step < STEP; step += 1) await hit(deps, count, (at += 1));
      done += STEP;
    }
    if (batch >= 0) means.push(((Date.now() - begun) * 1_000) / done);
    // What comes after the answers is not what a sender waits for.
    await Promise.all(deferred.splice(0));
  }
  return means.toSorted((one, other) => one - other);
};

export default {
  fetch: async (_request: Request, env: PerfEnv): Promise<Response> => {
    const free: Given = { withinRate: async () => true, record: async () => undefined };
    const bound: Given = {
      ...free,
      withinRate: async () => (await env.RATE.limit({ key: "acc_0" })).success,
    };
    // All of recording but the object itself: it has its own time.
    const { record } = createRecorder({
      now: Date.now,
      sleep,
      sinkOf: () => ({ recordAll: async () => undefined }),
      warn: () => undefined,
    });
    const scenarios: Record<string, readonly number[]> = {};
    const first: Lookup = await depsOf(env, 10, free).find("perf");
    if (first.kind !== "found") throw new Error("the routes are not readable");
    scenarios["static, 10 responders"] = await measure(depsOf(env, 10, free), 10);
    scenarios["static, 10 responders, recorded"] = await measure(depsOf(env, 10, { ...free, record }), 10);
    scenarios["static, 1,000 responders"] = await measure(depsOf(env, 1_000, free), 1_000);
    scenarios["static, 1,000 responders, local rate binding"] = await measure(
      depsOf(env, 1_000, bound),
      1_000,
    );
    return Response.json(scenarios);
  },
};
