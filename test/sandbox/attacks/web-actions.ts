import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 20 };
const CALLS = { hostCalls: 30, hostCallsInFlight: 8, timers: 20 };

/** What acts or waits: console, timers, signals, events, microtasks. */
export const WEB_ACTIONS: readonly Attack[] = [
  ["console of a cycle", "const a = {}; a.a = a; for (;;) console.log(a, CANARY)", "exceeded cpu", CPU],
  [
    "console of traps",
    "console.log(new Proxy({}, { get: () => { throw 1 }, ownKeys: () => { throw 2 } }), { get a() { throw 3 } }); return { body: 'shown' }",
    "",
  ],
  [
    "console of a trap that loops",
    "console.log({ get a() { for (;;) {} } }); return { body: 'unread' }",
    "returned unread",
    CPU,
  ],
  [
    "console of the greatest array",
    "console.log(new Array(2 ** 32 - 1)); return { body: 'cut' }",
    "returned cut",
  ],
  [
    "console nested deeply",
    "let v = []; for (let i = 0; i < 1e5; i++) v = [v]; console.log(v); return { body: 'cut' }",
    "returned cut",
  ],
  [
    "console's counters by __proto__",
    "console.count('__proto__'); console.count('constructor'); console.time('__proto__'); return { body: typeof {}.count }",
    "returned undefined",
  ],
  ["console groups without end", "for (;;) console.group(CANARY)", "exceeded ", CPU],
  [
    "timers of timers",
    "const f = () => setTimeout(f, 0); f(); await new Promise(() => {})",
    "exceeded calls",
    CALLS,
  ],
  [
    "intervals",
    "for (let i = 0; i < 5; i++) setInterval(() => {}, 0); await new Promise(() => {})",
    "exceeded calls",
    CALLS,
  ],
  ["a timer of text", "setTimeout('globalThis.ran = 1')", "threw TypeError: A timer calls a function"],
  [
    "a timer of a trap",
    "setTimeout(() => {}, { valueOf: () => { throw new Error('ms') } })",
    "threw Error: ms",
  ],
  [
    "timers cleared by traps",
    "clearTimeout({ valueOf: () => 1 }); clearTimeout(Symbol.iterator)",
    "threw TypeError",
  ],
  [
    "a timer that throws",
    "setTimeout(() => { throw new Error('in timer') }); await new Promise((r) => setTimeout(r, 2)); return { body: 'on' }",
    "returned on",
    CALLS,
  ],
  ["signals that time out", "for (;;) AbortSignal.timeout(1e6)", "exceeded calls", CALLS],
  [
    "signals of signals",
    "let s = new AbortController().signal; for (;;) s = AbortSignal.any([s, s])",
    "exceeded ",
    CPU,
  ],
  [
    "events within events",
    "const t = new EventTarget(); t.addEventListener('x', () => t.dispatchEvent(new Event('x'))); t.dispatchEvent(new Event('x')); return { body: 'out' }",
    "returned out",
  ],
  [
    "listeners that add listeners",
    "const t = new EventTarget(); const add = () => t.addEventListener('x', () => add()); add(); for (;;) t.dispatchEvent(new Event('x'))",
    "exceeded ",
    CPU,
  ],
  [
    "microtasks that throw",
    "queueMicrotask(() => { throw new Error('in microtask') }); await null; return { body: 'on' }",
    "returned on",
  ],
  [
    "shared memory",
    "return { body: [typeof SharedArrayBuffer, typeof Atomics, typeof WebAssembly, typeof Worker] }",
    'returned ["undefined","undefined","undefined","undefined"]',
  ],
  [
    "shared memory by its class",
    "return { body: Object.getOwnPropertyNames(globalThis).filter((n) => /shared|atomics|wasm|gc|std|os$/i.test(n)) }",
    "returned []",
  ],
  [
    "console of what inspects itself",
    "console.log({ [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return inspect.constructor('return 1')() }, inspect() { throw 1 } }); return { body: 'shown' }",
    "returned shown",
  ],
];
