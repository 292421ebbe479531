import { engineModule } from "../test/support/node-engine.ts";
import { createRuntime, FUEL_PER_MS, type Limits } from "../src/runtime/index.ts";

/**
 * Units of fuel in a millisecond of CPU, over workloads of different kinds: what `FUEL_PER_MS` is set by.
 * Run with `node perf/calibrate.ts` on a machine that does nothing else; docs/adr/0002-fuel.md says how it is read.
 */

const WORKLOADS: Readonly<Record<string, string>> = {
  "empty loop": "for (let i = 0; i < 3e6; i++);",
  "property access": "const o = { a: 1, b: 2 }; let s = 0; for (let i = 0; i < 1e6; i++) s += o.a + o.b;",
  "calls and closures":
    "const f = (x) => (y) => x + y; let s = 0; for (let i = 0; i < 4e5; i++) s = f(i)(s) | 0;",
  "string building":
    "let s = ''; for (let i = 0; i < 3e5; i++) { s += 'ab' + i; if (s.length > 1e5) s = ''; }",
  "string search": "const s = 'ab'.repeat(5e4); for (let i = 0; i < 200; i++) s.indexOf('ba' + i);",
  "split, sort, join":
    "for (let i = 0; i < 20; i++) 'the quick brown fox '.repeat(500).split(' ').sort().join('-');",
  "JSON to and fro":
    "const v = Array.from({ length: 2000 }, (_, i) => ({ i, s: 'item ' + i })); for (let i = 0; i < 15; i++) JSON.parse(JSON.stringify(v));",
  "objects and garbage":
    "let a = []; for (let i = 0; i < 4e5; i++) { a.push({ i, n: [i] }); if (a.length > 1000) a = []; }",
  "maps and sets": "const m = new Map(); for (let i = 0; i < 3e5; i++) m.set('k' + (i % 5000), i);",
  "array methods":
    "for (let i = 0; i < 150; i++) Array.from({ length: 2000 }, (_, k) => k).map((x) => x * 2).filter((x) => x % 3).reduce((a, b) => a + b);",
  "typed arrays":
    "const a = new Uint8Array(1e5); for (let r = 0; r < 15; r++) for (let i = 0; i < a.length; i++) a[i] = (a[i] + i) & 255;",
  "bulk memory, small":
    "const a = new Uint8Array(2e6); for (let i = 0; i < 2000; i++) { a.fill(i); a.copyWithin(1, 0, 1e6); }",
  "bulk memory, large":
    "const a = new Uint8Array(24e6); for (let i = 0; i < 60; i++) { a.fill(i); a.copyWithin(12e6, 0, 12e6); }",
  "regular expressions":
    "for (let i = 0; i < 400; i++) ('key=value; other=thing; '.repeat(20) + i).replace(/(\\w+)=(\\w+)/g, '$2=$1');",
  backtracking: "/(a+)+b/.test('a'.repeat(19));",
  bigints: "let n = 3n; for (let i = 0; i < 16; i++) n *= n; for (let i = 0; i < 40; i++) n % (n >> 3000n);",
  "numbers as text": "for (let i = 0; i < 1e5; i++) parseFloat(String(i / 7));",
  "native search": "new Array(1e7).indexOf(3);",
  "promises and jobs": "const f = async () => { for (let i = 0; i < 1e5; i++) await i; }; await f();",
};

/** Compiled, not run: what a user's own source costs. */
const COMPILED = Array.from(
  { length: 400 },
  (_, i) =>
    `function f${i}(a, b) { const o = { a, b: [b, ${i}], c: "text" }; if (o.a > ${i}) return o.b.map((x) => x * 2 + o.a); return o.c; }`,
).join(" ");

const ROUNDS = 5;
const LIMITS: Limits = {
  heapMb: 32,
  cpuMs: 60_000,
  wallMs: 120_000,
  hostCalls: 1,
  hostCallsInFlight: 1,
  timers: 1,
  answerBodyBytes: 1_000,
  answerHeadBytes: 1_000,
  logBytes: 1_000,
  logLines: 10,
};

const PRELUDE = {
  name: "calibrate",
  source: `(() => {
    const host = globalThis.__host;
    const head = new Uint8Array([15, 0, 0, 0, ...Array.from('{"body":"none"}', (c) => c.charCodeAt(0))]).buffer;
    return { start(input, main) { main().then(() => { host("answer", head); host("done"); }); }, settle() {} };
  })()`,
};

/** CPU of this process: wall time would count what else the machine does. */
const cpuNow = (): number => process.cpuUsage().user / 1_000;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const module = await engineModule();
const runtime = createRuntime({ module, now: Date.now, onFault: console.error });

const measure = async (code: string): Promise<{ readonly fuel: number; readonly ms: number }> => {
  const run = async (body: string) => {
    const begun = cpuNow();
    const outcome = await runtime.run({
      prelude: PRELUDE,
      program: { form: "expression", code: `(async () => { ${body} })()` },
      input: null,
      bodies: [],
      grants: [],
      limits: LIMITS,
      share: { account: "perf", unit: "perf", runsPerAccount: 9, runsPerUnit: 9, cpuMsPer10s: null },
      seed: new Uint8Array(16),
    }).end;
    if (outcome.kind !== "returned") throw new Error(`a workload ended as ${JSON.stringify(outcome)}`);
    return { fuel: outcome.fuel, ms: cpuNow() - begun };
  };
  const empty = await run("");
  const full = await run(code);
  return { fuel: full.fuel - empty.fuel, ms: full.ms - empty.ms };
};

const workloads = [...Object.entries(WORKLOADS), ["compiling", `return; ${COMPILED}`] as const];

// V8 first runs wasm unoptimized: the first round over everything is not counted.
for (const [, code] of workloads) await measure(code);

const rates: number[] = [];
console.log(
  `${"workload".padEnd(22)}${"ms".padStart(9)}${"M units".padStart(10)}${"units/ms".padStart(12)}   of FUEL_PER_MS`,
);
for (const [name, code] of workloads) {
  const rounds: { readonly fuel: number; readonly ms: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(code));
  const ms = median(rounds.map((round) => round.ms));
  const fuel = median(rounds.map((round) => round.fuel));
  const rate = fuel / ms;
  rates.push(rate);
  console.log(
    `${name.padEnd(22)}${ms.toFixed(1).padStart(9)}${(fuel / 1e6).toFixed(2).padStart(10)}` +
      `${Math.round(rate).toLocaleString("en").padStart(12)}   ${(rate / FUEL_PER_MS).toFixed(2)}`,
  );
}
const mean = Math.exp(rates.reduce((sum, rate) => sum + Math.log(rate), 0) / rates.length);
const least = Math.min(...rates);
const most = Math.max(...rates);
const whole = (rate: number) => Math.round(rate).toLocaleString("en");
console.log(
  `\nFUEL_PER_MS ${whole(FUEL_PER_MS)}; geometric mean ${whole(mean)}, least ${whole(least)}, most ${whole(most)}, ` +
    `middle of the extremes ${whole(Math.sqrt(least * most))}`,
);
console.log(
  `a budget of 100 ms lasts ${((100 * FUEL_PER_MS) / most).toFixed(0)} to ${((100 * FUEL_PER_MS) / least).toFixed(0)} ms here`,
);
