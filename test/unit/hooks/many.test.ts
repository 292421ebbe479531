import { describe, expect, it } from "vitest";
import { createRuntime, forward, keepBody, openRunBodies } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { programRunner, programOf, SHARE } from "../../support/run-script.ts";

const CODE = `export async function onRequest(request) { request.headers.set("x-added", "1"); }
export async function onResponse(response) { const body = await response.json(); return { body: { ...body, price: "1.00" } }; }`;

describe("500 runs that wait for their upstream at once", () => {
  it("are all answered, and hold little meanwhile", async () => {
    const runtime = createRuntime({ module: await engineModule(), now: Date.now });
    const run = programRunner(runtime);
    let waiting = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const powers = {
      unitsPerByte: 0,
      forward: async () => {
        waiting += 1;
        if (waiting === 500) open();
        await gate;
        const body = keepBody(new Blob(['{"id":1,"price":"0.00"}']).stream(), null, {
          most: 1_000,
          take: () => true,
        });
        const forwarded = { method: "GET", url: "https://up.example/", headers: [] };
        return { kind: "answered" as const, status: 200, statusText: "", headers: [], body, forwarded };
      },
    };
    const answers = Array.from({ length: 500 }, () =>
      run(programOf("module", CODE), {
        grants: [forward(powers, openRunBodies())],
        upstream: { mode: "forward", waitMs: 60_000 },
        share: { ...SHARE, runsPerAccount: 1_000, runsPerUnit: 1_000 },
      }),
    );
    await gate;
    const stats = runtime.stats();
    expect(stats.runs).toBe(500);
    expect(stats.keptBytes + stats.capturedBytes).toBeLessThan(500 * 60_000);
    expect(stats.instanceBytes + stats.imageBytes + stats.keptBytes + stats.capturedBytes).toBeLessThan(
      96_000_000,
    );
    const outcomes = await Promise.all(answers.map(({ answer }) => answer));
    expect(new Set(outcomes.map(({ outcome }) => outcome.kind))).toEqual(new Set(["returned"]));
    await Promise.all(answers.map(({ end }) => end));
    expect(runtime.stats()).toMatchObject({ runs: 0, keptBytes: 0, capturedBytes: 0 });
  }, 60_000);
});
