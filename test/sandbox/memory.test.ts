import { describe, expect, it } from "vitest";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const MIB = 1024 * 1024;
const memory = (heapMb: number) => ({ kind: "exceeded", limit: "memory", limitValue: heapMb * MIB });
/** The ceiling of the linear memory, less what lies below the heap; no run may pass it. */
const MOST_HEAP = { 10: 256 * 65_536 - 5_342_832, 32: 600 * 65_536 - 5_342_832 } as const;

const fill = (bytes: number) => `new Uint8Array(${bytes}).fill(1).length`;

const FLOODS: readonly (readonly [string, string])[] = [
  ["strings", "const a = []; for (;;) a.push('x'.repeat(1000) + a.length)"],
  ["one string", "let s = 'abc'; for (;;) s = [s, s].join('')"],
  ["typed arrays", "const a = []; for (;;) a.push(new Uint8Array(1e5))"],
  ["one typed array", "return new Uint8Array(1e9)"],
  [
    "one buffer that grows",
    "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 30 }); b.resize(2 ** 30); return b",
  ],
  ["maps", "const m = new Map(); for (;;) m.set({}, [1, 2, 3])"],
  ["closures", "let f = () => 0; for (;;) { const g = f; const big = [1, 2, 3, 4]; f = () => [g, big] }"],
  ["an array of numbers", "const a = []; for (;;) a.push(a.length)"],
  ["properties", "const o = {}; for (let i = 0; ; i++) o['k' + i] = i"],
  ["symbols", "const a = []; for (;;) a.push(Symbol('x'.repeat(50) + a.length))"],
  ["bigints", "const a = []; for (;;) a.push(3n ** 5000n + BigInt(a.length))"],
  ["promises", "const a = []; for (;;) a.push(new Promise(() => {}).then(() => 1))"],
  ["generators", "const a = []; function* g() { yield 1 } for (;;) { const i = g(); i.next(); a.push(i) }"],
  ["regular expressions", "const a = []; for (;;) a.push(new RegExp('(a|b)*c{1,50}' + a.length))"],
  ["a spread", "const a = new Array(1e6).fill(1); return [...a, ...a, ...a]"],
  ["JSON", "let v = [1]; for (;;) v = JSON.parse('[' + JSON.stringify(v) + ',' + JSON.stringify(v) + ']')"],
];

describe("a script that eats memory", () => {
  it.each(FLOODS)("ends as exceeded memory: %s", async (_what, code) => {
    const outcome = await sandbox.run(`export default () => { ${code} }`, { limits: { cpuMs: 10_000 } });
    expect(outcome).toMatchObject(memory(10));
    expect(outcome.peakMemoryBytes).toBeLessThanOrEqual(MOST_HEAP[10]);
    expect(await sandbox.value("'still ' + 'here'")).toBe("still here");
  });

  it("ends when it queues jobs without end, by its memory or, where the engine drops what it cannot queue, by its CPU", async () => {
    const code = "for (;;) Promise.resolve('x'.repeat(100)).then(() => {})";
    const outcome = await sandbox.run(`export default () => { ${code} }`, { limits: { cpuMs: 500 } });
    expect(["memory", "cpu"]).toContain(outcome.kind === "exceeded" && outcome.limit);
    expect(outcome.peakMemoryBytes).toBeLessThanOrEqual(MOST_HEAP[10]);
    expect(await sandbox.value("'still ' + 'here'")).toBe("still here");
  });

  it("ends so in the larger class too, at its own ceiling", async () => {
    const outcome = await sandbox.run(`export default () => { ${FLOODS[0]?.[1]} }`, {
      limits: { heapMb: 32, cpuMs: 10_000 },
    });
    expect(outcome).toMatchObject(memory(32));
    expect(outcome.peakMemoryBytes).toBeGreaterThan(32 * MIB);
    expect(outcome.peakMemoryBytes).toBeLessThanOrEqual(MOST_HEAP[32]);
  });

  it("ends so whatever it throws instead", async () => {
    const code =
      "export default () => { try { const a = []; for (;;) a.push('x'.repeat(1e5) + a.length) } catch { throw new TypeError('not me') } }";
    expect(await sandbox.run(code)).toMatchObject(memory(10));
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

const aliveAfter = async (outcome: Promise<{ readonly kind: string }>) => {
  expect(["threw", "exceeded"]).toContain((await outcome).kind);
  expect(await sandbox.value("[1, 2].length")).toBe(2);
};

describe("a script that nests too deeply", () => {
  it.each([
    ["plain recursion", "const f = () => f() + 1; return f()"],
    ["recursion through natives", "const f = () => [1].map(f); return f()"],
    ["recursion through getters", "const o = { get x() { return this.x } }; return o.x"],
    ["recursion through toString", "const o = { toString: () => '' + o }; return '' + o"],
    ["recursion through a proxy", "const p = new Proxy({}, { get: (_, k, r) => r[k] }); return p.x"],
    ["recursion through sort", "const f = () => [2, 1].sort(f); return f()"],
    ["recursion through replace", "const f = () => 'a'.replace('a', f); return f()"],
    ["deep JSON", "return JSON.parse('['.repeat(1e6))"],
    ["deep JSON that closes", "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))"],
    ["a deep regular expression", "return new RegExp('('.repeat(1e5) + ')'.repeat(1e5))"],
    [
      "a chain of bound functions",
      "let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); return f()",
    ],
    ["deep values to JSON", "let v = []; for (let i = 0; i < 1e5; i++) v = [v]; return v"],
    ["recursion at a host call", "const f = () => { host('fuel-left'); return f() + 1 }; return f()"],
  ])("ends, and the next run is fine: %s", async (_what, code) => {
    await aliveAfter(sandbox.run(`export default () => { ${code} }`, { limits: { cpuMs: 5_000 } }));
  });

  it.each([
    ["parentheses", `export default () => ${"(".repeat(50_000)}1${")".repeat(50_000)}`],
    ["arrays", `export default () => ${"[".repeat(50_000)}`],
    ["arrow functions", `export default ${"a => ".repeat(50_000)}1`],
    ["blocks", `export default () => { ${"{".repeat(50_000)}`],
    ["templates", `export default () => ${"`${".repeat(50_000)}`],
    ["unary operators", `export default () => ${"!".repeat(200_000)}1`],
  ])("ends at compiling, and the next run is fine: %s", async (_what, code) => {
    await aliveAfter(sandbox.run(code, { limits: { cpuMs: 5_000 } }));
  });
});
