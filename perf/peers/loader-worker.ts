import { assertRight, type RunLot } from "../measure/lots.ts";
import { hitsOf } from "../measure/hits-of.ts";
import { measureBatches } from "../measure/singles.ts";
import { type PerfHit, type Scenario, scenarioNamed } from "../scenarios/index.ts";
import { needsTimer } from "./glue.ts";

/** Of workerd's own binding, what is used here. */
interface LoadedWorker {
  readonly getEntrypoint: () => { readonly fetch: (request: Request) => Promise<Response> };
}
interface LoaderEnv {
  readonly LOADER: {
    readonly get: (id: string, load: () => Promise<object>) => LoadedWorker;
  };
}

/** A Worker has `Request` and `Response` of its own: what is left is the answer. */
const GLUE = `import handler from "./script.js";
export default {
  fetch: async (request) => {
    const { status = 200, headers = {}, body } = await handler(request, {});
    return new Response(body instanceof Uint8Array ? body : JSON.stringify(body), { status, headers });
  },
};
`;

/** A timer of 0 ms takes more than a millisecond there; this ends on the next turn, as everybody's does. */
const TIMER_GLUE = `const channel = new MessageChannel();
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();
globalThis.setTimeout = (callback) => {
  waiting.push(callback);
  channel.port2.postMessage(null);
};
`;

/** Shorter than the others': each Worker stays, with some megabytes. */
const PLAN = { warmUpMs: 300, measureMs: 1_500 };
const clock = (): number => Date.now();
let workers = 0;

const lotsOf = (env: LoaderEnv, scenario: Scenario): RunLot => {
  const hitAt = hitsOf(scenario, (hit): PerfHit => hit);
  const main = needsTimer(scenario.source) ? GLUE + TIMER_GLUE : GLUE;
  const load = async () => ({
    compatibilityDate: "2026-08-04",
    mainModule: "main.js",
    modules: { "main.js": main, "script.js": scenario.source },
    globalOutbound: null,
  });
  return async (at) => {
    const { method, url, headers, body } = hitAt(at);
    const begun = clock();
    workers += 1;
    const worker = env.LOADER.get(`worker-${workers}`, load);
    const request = new Request(url, {
      method,
      headers: headers.map(([name, value]) => [name, value]),
      body,
    });
    const response = await worker.getEntrypoint().fetch(request);
    const answer = await response.bytes();
    const us = (clock() - begun) * 1_000;
    assertRight(scenario, { ending: "returned", status: response.status, body: answer }, at);
    return { timesUs: [us], exact: { fuel: 0, peakMemoryBytes: 0 }, asleep: 0, keptBytes: undefined };
  };
};

export default {
  fetch: async (request: Request, env: LoaderEnv): Promise<Response> => {
    const question: unknown = await request.json();
    const scenario = scenarioNamed(String(Reflect.get(Object(question), "scenario")));
    return Response.json(await measureBatches(scenario, lotsOf(env, scenario), clock, PLAN));
  },
};
