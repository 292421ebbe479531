import { describe, expect, it } from "vitest";
import { HEAP_START } from "../../build/engine-layout.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const MIB = 1024 * 1024;
const memory = (heapMb: number) => ({ kind: "exceeded", limit: "memory", limitValue: heapMb * MIB });
/** The ceiling of the linear memory, less what lies below the heap; no run may pass it. */
const MOST_HEAP = 600 * 65_536 - HEAP_START;

const fill = (bytes: number) => `new Uint8Array(${bytes}).fill(1).length`;

describe("a script that eats memory", () => {
  it("ends at its own ceiling in the larger class too", async () => {
    const code = "export default () => { const a = []; for (;;) a.push('x'.repeat(1000) + a.length) }";
    const outcome = await sandbox.run(code, { limits: { heapMb: 32, cpuMs: 10_000 } });
    expect(outcome).toMatchObject(memory(32));
    expect(outcome.peakMemoryBytes).toBeGreaterThan(32 * MIB);
    expect(outcome.peakMemoryBytes).toBeLessThanOrEqual(MOST_HEAP);
  });

  it("may recover, and answer", async () => {
    const code = "export default () => { try { new Uint8Array(1e9) } catch { return 'recovered' } }";
    expect(await sandbox.run(code)).toMatchObject({
      kind: "returned",
      answer: { head: { value: "recovered" } },
    });
  });

  it("leaves the whole of its class to use", async () => {
    expect(await sandbox.value(fill(9 * MIB))).toBe(9 * MIB);
    expect(await sandbox.value(fill(31 * MIB), { limits: { heapMb: 32 } })).toBe(31 * MIB);
  });

  it("is told the size of the body that it had read", async () => {
    const body = new Uint8Array(8 * MIB);
    const code =
      "export default () => { const b = host('body', new Uint32Array([0]).buffer); return new Uint8Array(b).slice().length }";
    const outcome = await sandbox.run(code, { bodies: [body] });
    expect(outcome).toMatchObject({
      ...memory(10),
      error: { message: expect.stringContaining("8388608 bytes") },
    });
  });

  it("ends when a body does not fit, before the guest sees any of it", async () => {
    const code =
      "export default () => { try { host('body', new Uint32Array([0]).buffer) } catch { return 'caught' } }";
    const outcome = await sandbox.run(code, { bodies: [new Uint8Array(11 * MIB)] });
    expect(outcome).toMatchObject({
      ...memory(10),
      error: { message: expect.stringContaining("11534336 bytes") },
    });
  });
});
