import type { Attack } from "../../support/clean-room.ts";

const NEVER = "unusable never-settled";

/** What looks like a promise: the prelude awaits it, and must neither be fooled nor be held up by it. */
export const THENABLES: readonly Attack[] = [
  ["one that never calls back", "return { then() {} }", NEVER],
  ["one that keeps what it is given", "return { then(resolve) { globalThis.kept = resolve } }", NEVER],
  ["one that calls back twice", "return { then(resolve) { resolve(1); resolve(2) } }", "returned 1"],
  ["one that resolves, then throws", "return { then(resolve) { resolve(1); throw 2 } }", "returned 1"],
  ["one that throws", "return { then() { throw new Error('from then') } }", "threw Error: from then"],
  [
    "one whose then is a getter that throws",
    "return { get then() { throw new Error('got') } }",
    "threw Error: got",
  ],
  [
    "one that is a function once only",
    "let n = 0; return { get then() { return n++ ? 1 : (r) => r('once') } }",
    'returned "once"',
  ],
  [
    "one that resolves with itself",
    "const t = { then(r) { r(t) } }; return t",
    "exceeded cpu",
    { cpuMs: 10 },
  ],
  [
    "a chain of thousands",
    "let t = 1; for (let i = 0; i < 2000; i++) { const u = t; t = { then(r) { r(u) } } } return t",
    "returned 1",
  ],
  [
    "a promise of itself",
    "const p = new Promise((r) => setP = r); let setP; return p",
    "threw ReferenceError",
  ],
  [
    "a promise resolved with itself",
    "let set; const p = new Promise((r) => { set = r }); set(p); return p",
    "threw TypeError",
  ],
  [
    "a proxy that is thenable",
    "return new Proxy({}, { get: (_, k) => (k === 'then' ? (r) => r('proxied') : 1) })",
    'returned "proxied"',
  ],
  ["a proxy of a promise", "return new Proxy(Promise.resolve(1), {})", "threw TypeError"],
  ["a function with then", "return Object.assign(() => 1, { then: (r) => r(7) })", "returned 7"],
  [
    "a subclass with a then of its own",
    "class P extends Promise { then(a, b) { return super.then(() => a('sub'), b) } } return P.resolve(1)",
    'returned "sub"',
  ],
  [
    "a species that is no promise",
    "class P extends Promise { static get [Symbol.species]() { return class { constructor(f) { f(() => {}, () => {}) } } } } return P.resolve(5)",
    "returned 5",
  ],
  ["every object made thenable", "Object.prototype.then = (r) => r('all'); return {}", 'returned "all"'],
  ["every object made thenable without end", "Object.prototype.then = () => {}; return {}", NEVER],
  ["every array made thenable", "Array.prototype.then = (r) => r('array'); return []", 'returned "array"'],
  ["Promise.prototype.then replaced", "Promise.prototype.then = () => { throw 1 }; return 1", "returned 1"],
  [
    "Promise.prototype.then that never calls back",
    "Promise.prototype.then = () => {}; return new Promise((r) => r(1))",
    NEVER,
  ],
  [
    "Promise.resolve replaced",
    "Promise.resolve = Promise.reject = () => { throw 1 }; return 1",
    "returned 1",
  ],
  [
    "Promise's species replaced",
    "Object.defineProperty(Promise, Symbol.species, { get() { throw new Error('species') } }); return sleep(0)",
    "threw Error: species",
  ],
  [
    "Promise's constructor replaced",
    "Promise.prototype.constructor = class { constructor() { throw 1 } }; await sleep(0); return 1",
    "returned 1",
  ],
  [
    "a module that is thenable",
    "export const then = (r) => r({ default: () => 'mine' }); export default () => 'real'",
    'returned "mine"',
  ],
  [
    "a module that is thenable and never calls back",
    "export const then = () => {}; export default () => 1",
    NEVER,
  ],
  [
    "a module that imports itself for ever",
    "export const then = (r) => r(import('script')); export default () => 1",
    "exceeded cpu",
    { cpuMs: 10 },
  ],
  ["a thenable given to waitUntil", "waitUntil({ then(r) { r(1); r(2) } }); return 1", "returned 1"],
  [
    "a thenable given to waitUntil that answers",
    'waitUntil({ then(r) { host(\'answer\', frame(\'{"body":"none","value":9}\')); r() } }); return 1',
    "threw TypeError: there is an answer already",
  ],
  [
    "an async iterator given as a result",
    "return { async *[Symbol.asyncIterator]() { for (;;) yield 1 } }",
    "returned {}",
  ],
];
