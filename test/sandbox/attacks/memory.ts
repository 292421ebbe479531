import type { Attack } from "../../support/clean-room.ts";

const eats = (name: string, code: string): Attack => [name, code, "exceeded memory", { cpuMs: 3_000 }];
const KEEP = "const a = []; for (let i = 0; ; i++) a.push";

/** Whatever the heap is filled with, the memory's own maximum ends it. */
export const MEMORY: readonly Attack[] = [
  eats("strings", `${KEEP}(CANARY.repeat(100) + i)`),
  eats("wide strings", `${KEEP}((CANARY + '\\u2603').repeat(100) + i)`),
  eats("one string", "let s = CANARY; for (;;) s = [s, s].join('')"),
  eats(
    "ropes",
    "let s = CANARY; for (let i = 0; ; i++) { s = s + i + CANARY; if (i % 1e3 === 0) s.charCodeAt(0) }",
  ),
  eats("a rope that doubles", "let s = CANARY; for (;;) { s = s + s; s.at(-1) }"),
  eats("padding", `${KEEP}(CANARY.padEnd(1e4, i))`),
  eats("pieces of text", "const s = (CANARY + ',').repeat(1e4); const a = []; for (;;) a.push(s.split(','))"),
  eats(
    "characters",
    "const s = CANARY.repeat(1e3); const a = []; for (;;) a.push([...s].map((c) => c + s.length))",
  ),
  eats(
    "matches",
    "const s = CANARY.repeat(1e3); const a = []; for (;;) a.push([...s.matchAll(/(.)(.)(.)/g)])",
  ),
  eats("typed arrays", `${KEEP}(new Uint8Array(1e5).fill(0x63))`),
  eats(
    "typed arrays of the canary",
    "const one = Uint8Array.from({ length: 4096 }, (_, n) => CANARY.charCodeAt(n % CANARY.length)); const a = []; for (;;) a.push(one.slice())",
  ),
  eats("one typed array", "return new Uint8Array(1e9)"),
  eats(
    "one buffer that grows at once",
    "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 30 }); b.resize(2 ** 30); return b",
  ),
  eats(
    "one buffer that grows",
    "const b = new ArrayBuffer(8, { maxByteLength: 2 ** 24 }); for (let i = 8; ; i += 1e4) b.resize(i)",
  ),
  eats("buffers that grow", `${KEEP}(new ArrayBuffer(8, { maxByteLength: 1e5 }).transfer(1e5))`),
  eats(
    "a buffer transferred to a larger one",
    "let b = new ArrayBuffer(1e6); for (let i = 1e6; ; i += 1e6) b = b.transfer(i)",
  ),
  eats(
    "detached buffers",
    "const a = []; for (;;) { const b = new ArrayBuffer(64); b.transfer(); a.push(b, new DataView(new ArrayBuffer(8))) }",
  ),
  eats("maps", "const m = new Map(); for (;;) m.set({}, [1, 2, 3])"),
  eats("sets of text", "const s = new Set(); for (let i = 0; ; i++) s.add(CANARY + i)"),
  eats(
    "weak maps of what stays",
    "const m = new WeakMap(); const a = []; for (;;) { const k = {}; a.push(k); m.set(k, [k, CANARY]) }",
  ),
  eats("weak references", "const a = []; for (;;) { const k = {}; a.push(new WeakRef(k), k) }"),
  eats("closures", "let f = () => 0; for (;;) { const g = f; const big = [1, 2, 3, 4]; f = () => [g, big] }"),
  eats("bound functions", "let f = () => 0; for (;;) f = f.bind(null, f, CANARY, 1, 2, 3)"),
  eats("an array of numbers", `${KEEP}(i)`),
  eats("an array of halves", `${KEEP}(i / 3)`),
  eats("an array of one length", "const a = new Array(1e7).fill(1); return a"),
  eats("an array that is sparse", "const a = []; for (let i = 0; ; i++) a[i * 1000] = i"),
  eats("arrays in arrays", "let v = []; for (;;) v = [v, v, v]"),
  eats("a spread", "const a = new Array(1e6).fill(1); return [...a, ...a, ...a]"),
  eats("properties", "const o = {}; for (let i = 0; ; i++) o[CANARY + i] = i"),
  eats("shapes", `${KEEP}({ ['a' + i]: 1, ['b' + i]: 2 })`),
  eats(
    "accessors",
    "const o = {}; for (let i = 0; ; i++) Object.defineProperty(o, 'k' + i, { get() { return CANARY } })",
  ),
  eats("symbols", `${KEEP}(Symbol(CANARY + i))`),
  eats("registered symbols", `${KEEP}(Symbol.for(CANARY.repeat(20) + i))`),
  eats("atoms", "const o = {}; for (let i = 0; ; i++) { o[CANARY + i]; globalThis[CANARY + i] = 1 }"),
  eats("bigints", `const n = 3n ** 5000n; ${KEEP}(n + BigInt(i))`),
  eats("dates", `${KEEP}(new Date(i))`),
  eats("errors", `${KEEP}(new Error(CANARY + i))`),
  eats("errors in errors", "let e; for (;;) e = new Error(CANARY, { cause: e })"),
  eats("promises", `${KEEP}(new Promise(() => {}).then(() => i))`),
  eats(
    "promises of promises",
    "const first = new Promise(() => {}); let p = first; for (;;) p = p.then(() => first)",
  ),
  eats(
    "functions that wait",
    "const f = async (x) => { await new Promise(() => {}); return x }; const a = []; for (;;) a.push(f(CANARY))",
  ),
  eats(
    "generators",
    "const a = []; function* g() { yield 1 } for (;;) { const i = g(); i.next(); a.push(i) }",
  ),
  eats(
    "async generators",
    "const a = []; async function* g() { yield CANARY } for (;;) { const i = g(); i.next(); a.push(i) }",
  ),
  eats("iterators", "const s = [1]; const a = []; for (;;) a.push(s.values().map((x) => x).take(1))"),
  eats("proxies", "let p = {}; for (;;) p = new Proxy(p, { p })"),
  eats("classes", `${KEEP}(class { #x = i; static s = CANARY; m() { return this.#x } })`),
  eats("regular expressions", `${KEEP}(new RegExp('(a|b)*c{1,50}' + i))`),
  eats("one regular expression", "return new RegExp('(?:abcdefgh){100}'.repeat(1e6))"),
  eats(
    "what a regular expression remembers",
    "const r = new RegExp('(a)'.repeat(250) + '|b', 'd'); const a = []; for (;;) a.push(r.exec('b'))",
  ),
  eats(
    "templates",
    "const a = []; for (let i = 0; ; i++) a.push(((s, ...v) => [s, v])`${i}a${i}b${CANARY}`)",
  ),
  eats(
    "arguments",
    "const a = []; const f = function () { a.push(arguments) }; for (;;) f(CANARY, 1, 2, 3, 4, 5)",
  ),
  eats(
    "JSON that doubles",
    "let v = [1]; for (;;) v = JSON.parse('[' + JSON.stringify(v) + ',' + JSON.stringify(v) + ']')",
  ),
  eats(
    "JSON with an indent",
    "let v = 1; for (let i = 0; i < 60; i++) v = [v]; const a = []; for (;;) a.push(JSON.stringify(v, null, 10))",
  ),
  eats(
    "what finalizers hold",
    "const r = new FinalizationRegistry(() => 1); const a = []; for (let i = 0; ; i++) { const k = {}; a.push(k); r.register(k, CANARY + i, k) }",
  ),
  eats(
    "freed in between",
    "let a = []; for (let n = 1; ; n *= 2) { a = []; for (let i = 0; i < n * 1e3; i++) a.push(CANARY + i) }",
  ),
  eats(
    "holes of many sizes",
    "const a = []; for (let i = 0; ; i++) { a.push(new Uint8Array(1 + ((i * 7919) % 5000))); if (i % 3 === 0) a[(i * 31) % a.length] = null }",
  ),
];

/** Jobs that do not fit are dropped by the engine: what ends these is not always the memory. */
export const JOBS: readonly Attack[] = [
  ["jobs", "for (;;) Promise.resolve(CANARY.repeat(20)).then(() => {})", "exceeded ", { cpuMs: 300 }],
  ["microtasks", "for (;;) queueMicrotask(() => {})", "exceeded ", { cpuMs: 500 }],
];
