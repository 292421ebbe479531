import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 20 };

/** More of something than there is room for on the host's side, or than anybody waits for. */
export const FLOODS: readonly Attack[] = [
  ["timers one after the other", "for (;;) await sleep(0)", "exceeded calls", { hostCalls: 20, timers: 100 }],
  ["timers by their own number", "for (;;) await sleep(0)", "exceeded calls", { timers: 20 }],
  ["timers at once", "await Promise.all(Array.from({ length: 1e4 }, () => sleep(1)))", "exceeded calls"],
  ["timers that nobody awaits", "for (let i = 0; i < 32; i++) sleep(1e6); return 1", "returned 1"],
  [
    "timers that are cancelled",
    "for (let i = 0; i < 90; i++) host('cancel', new Uint32Array([host('timer', new Float64Array([1e6]).buffer)]).buffer); return 1",
    "returned 1",
  ],
  ["timers caught", "for (;;) try { host('timer', new ArrayBuffer(8)) } catch {}", "exceeded calls"],
  [
    "cancelling what never was",
    "for (let i = 0; ; i++) host('cancel', new Uint32Array([i]).buffer)",
    "exceeded cpu",
    CPU,
  ],
  ["calls that are refused", "for (;;) try { host('nothing') } catch {}", "exceeded cpu", CPU],
  ["names of calls", "for (let i = 0; ; i++) try { host('n' + i) } catch {}", "exceeded cpu", CPU],
  [
    "names of a megabyte",
    "const n = 'x'.repeat(1e6); for (;;) try { host(n) } catch {}",
    "exceeded cpu",
    CPU,
  ],
  [
    "arguments of a megabyte",
    "const b = new ArrayBuffer(1e6); for (;;) try { host('nothing', b) } catch {}",
    "exceeded cpu",
    CPU,
  ],
  ["log lines", "for (;;) print(CANARY)", "exceeded cpu", CPU],
  ["log lines of a megabyte", "const s = CANARY.repeat(1e5); for (;;) print(s)", "exceeded cpu", CPU],
  ["log lines that are none", "for (;;) try { host('log', '{') } catch {}", "exceeded cpu", CPU],
  ["randomness", "for (;;) host('random', new Uint32Array([65536]).buffer)", "exceeded cpu", CPU],
  [
    "parts of an answer",
    "for (;;) host('answer-part', new Uint8Array(1).buffer)",
    "threw RangeError: an answer has at most 4096 parts",
    { cpuMs: 500 },
  ],
  ["parts of nothing", "for (;;) host('answer-part')", "exceeded cpu", CPU],
  [
    "parts that are large",
    "const b = new ArrayBuffer(1e6); for (;;) host('answer-part', b)",
    "exceeded output",
    { cpuMs: 500 },
  ],
  ["answers", "for (;;) try { host('answer', frame('{\"body\":\"none\"}')) } catch {}", "exceeded cpu", CPU],
  ["failures", "for (;;) host('fail', '{}')", "threw Error: ", CPU],
  [
    "failures of a megabyte",
    "const m = JSON.stringify({ kind: 'threw', message: 'x'.repeat(1e6) }); for (;;) host('fail', m)",
    "exceeded cpu",
    { cpuMs: 10 },
  ],
  ["microtasks", "for (;;) await null", "exceeded cpu", CPU],
  [
    "promises that settle together",
    "await Promise.all(Array.from({ length: 1e5 }, async () => 1))",
    "exceeded ",
    CPU,
  ],
  ["races without a winner", "for (;;) Promise.race([])", "exceeded cpu", CPU],
  [
    "rejections that nobody handles",
    "for (let i = 0; i < 1e3; i++) Promise.reject(new Error(CANARY)); return 1",
    "returned 1",
  ],
  [
    "generators",
    "function* g() { yield* g2() } function* g2() { yield 1 } for (;;) [...g()]",
    "exceeded cpu",
    CPU,
  ],
  ["garbage", "for (;;) [{}, [], () => 1, /x/, new Map([[{}, {}]])]", "exceeded cpu", CPU],
  [
    "garbage in cycles",
    "for (;;) { const a = {}; const b = { a }; a.b = b; a.f = () => b }",
    "exceeded cpu",
    CPU,
  ],
  ["weak references", "for (;;) new WeakRef({}).deref()", "exceeded cpu", CPU],
  [
    "finalizers",
    "const r = new FinalizationRegistry(() => {}); for (let i = 0; ; i++) r.register({}, i)",
    "exceeded cpu",
    CPU,
  ],
  [
    "finalizers that register more",
    "const r = new FinalizationRegistry(() => r.register({}, 1)); r.register({}, 1); await sleep(1); return 1",
    "exceeded cpu",
  ],
  [
    "finalizers that answer",
    'const r = new FinalizationRegistry(() => host(\'answer\', frame(\'{"body":"none","value":7}\'))); r.register({}, 1); await sleep(1); return 1',
    "threw TypeError: there is an answer already",
  ],
  [
    "finalizers of everything at the end",
    "const r = new FinalizationRegistry(() => print(CANARY)); globalThis.kept = Array.from({ length: 1e3 }, (_, i) => { const o = {}; r.register(o, i); return o }); return 1",
    "returned 1",
  ],
  [
    "promises given to waitUntil",
    "for (let i = 0; i < 1e4; i++) waitUntil(Promise.resolve(i)); return 1",
    "returned 1",
  ],
  [
    "waitUntil in waitUntil",
    "const more = () => waitUntil(Promise.resolve().then(more)); more(); return 1",
    "exceeded cpu",
    CPU,
  ],
  ["a wait beyond the wall", "await sleep(1e9)", "exceeded wall", { wallMs: 20 }],
  [
    "waits up to the wall",
    "for (;;) await sleep(4)",
    "exceeded wall",
    { wallMs: 20, timers: 1e6, hostCalls: 1e6 },
  ],
];
