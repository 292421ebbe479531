import { TIER_LIMITS } from "../src/accounts/index.ts";
import { createRuntime } from "../src/runtime/index.ts";
import { createExecute } from "../src/scripts/index.ts";
import { engineModule } from "../test/support/node-engine.ts";

const RUNS = 500;
const CODE =
  "export default (request, ctx) => ({ body: { repo: ctx.params.repo, agent: request.headers.get('user-agent') } })";

export interface RunFigures {
  readonly firstUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** A small scripted responder, run after run, in Node, whose clock is fine enough for single runs. The first makes the image. */
export const measureScriptedRuns = async (): Promise<RunFigures> => {
  const module = await engineModule();
  const runtime = createRuntime({ module, now: Date.now });
  const execute = createExecute({
    run: runtime.run,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });
  const limits = TIER_LIMITS.ultimate;
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const begun = performance.now();
    const { outcome } = await execute({
      program: { form: "module", handlers: ["default"], code: CODE, map: null },
      input: {
        requestId: "exc_0",
        method: "POST",
        url: "https://perf.example.com/github/hello",
        path: "/github/hello",
        rawQuery: null,
        headers: [["user-agent", "perf"]],
        body: null,
        client: { ip: null },
        params: { repo: "hello" },
        responder: { id: "rsp_0", name: "Perf" },
      },
      limits,
      share: { account: "acc_0", unit: "rsp_0", runsPerAccount: 10, runsPerUnit: 10, cpuMsPer10s: null },
    }).answer;
    if (outcome.kind !== "returned") throw new Error(`a run ended as ${outcome.kind}`);
    times.push((performance.now() - begun) * 1_000);
  }
  const sorted = times.slice(1).toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { firstUs: times[0] ?? Number.NaN, p50Us: at(0.5), p99Us: at(0.99) };
};
