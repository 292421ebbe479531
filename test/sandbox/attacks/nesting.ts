import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 5_000 };
const deep = (name: string, code: string, ends = "exceeded stack"): Attack => [name, code, ends, CPU];

/** What calls itself, in the script or in the engine; whichever stack ends first, the run ends and nothing else. */
export const RECURSION: readonly Attack[] = [
  deep("plain", "const f = () => f() + 1; return f()"),
  deep("through natives", "const f = () => [1].map(f); return f()"),
  deep("through a getter", "const o = { get x() { return this.x } }; return o.x"),
  deep("through a setter", "const o = { set x(v) { this.x = v } }; o.x = 1"),
  deep("through toString", "const o = { toString: () => '' + o }; return '' + o"),
  deep("through toPrimitive", "const o = { [Symbol.toPrimitive]: () => +o }; return +o"),
  deep("through a proxy", "const p = new Proxy({}, { get: (_, k, r) => r[k] }); return p.x"),
  deep(
    "through a proxy's prototype",
    "const p = new Proxy({}, { getPrototypeOf: () => Object.getPrototypeOf(p) }); return Object.getPrototypeOf(p)",
  ),
  deep(
    "through a proxy that is its own prototype",
    "const p = new Proxy({}, {}); const o = Object.create(p); try { Object.setPrototypeOf(p, o) } catch {} return o.x",
  ),
  deep(
    "through proxies of proxies",
    "let p = {}; for (let i = 0; i < 5e4; i++) p = new Proxy(p, {}); return p.x",
  ),
  deep("through a comparator", "const f = () => [2, 1].sort(f); return f()"),
  deep("through a replacement", "const f = () => 'a'.replace('a', f); return f()"),
  deep(
    "through Reflect.construct",
    "class A { constructor() { return Reflect.construct(new.target, [], A) } } return new A()",
  ),
  deep(
    "through super",
    "class A { get x() { return new B().x } } class B extends A { get x() { return super.x } } return new B().x",
  ),
  deep(
    "through an iterator",
    "const o = { [Symbol.iterator]: () => { const [x] = o; return x } }; const [x] = o",
  ),
  deep("through generators", "function* g() { yield* g() } return [...g()]"),
  deep("through a tag", "const f = () => f`${1}`; return f()"),
  deep("through a default parameter", "const f = (x = f()) => x; return f()"),
  deep("through toJSON", "const o = { toJSON: () => JSON.stringify(o) }; return JSON.stringify(o)"),
  deep("through a reviver", "const f = () => JSON.parse('[1]', f); return f()"),
  deep("through host calls", "const f = () => { host('fuel-left'); return f() + 1 }; return f()"),
  deep(
    "through errors' stacks",
    "Error.prepareStackTrace = () => new Error().stack + 1; return new Error().stack",
    "returned ",
  ),
  deep(
    "through bound functions",
    "let f = () => 1; for (let i = 0; i < 1000; i++) f = f.bind(null); return f()",
  ),
  deep("through async functions", "const f = async () => { await f() }; return f()"),
  deep(
    "through instanceof of bound functions",
    "let f = function () {}; for (let i = 0; i < 1000; i++) f = f.bind(null); return ({}) instanceof f",
  ),
  deep("JSON that is read", "return JSON.parse('['.repeat(1e6))"),
  deep("JSON that is read and closes", "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))"),
  deep("JSON of objects that is read", "return JSON.parse('{\"a\":'.repeat(1e5))"),
  deep("JSON that is written", "let v = []; for (let i = 0; i < 2e4; i++) v = [v]; return v"),
  deep("flat", "let v = []; for (let i = 0; i < 1e5; i++) v = [v]; return v.flat(Infinity)"),
  deep("join of arrays in arrays", "let v = []; for (let i = 0; i < 1e5; i++) v = [v]; return '' + v"),
  deep(
    "a regular expression of groups",
    "return new RegExp('('.repeat(1e5) + ')'.repeat(1e5))",
    "threw SyntaxError",
  ),
  deep(
    "a regular expression of lookaheads",
    "return new RegExp('(?='.repeat(1e5) + ')'.repeat(1e5))",
    "threw SyntaxError: stack overflow",
  ),
  deep(
    "a regular expression of sets",
    "return new RegExp('['.repeat(1e5) + ']'.repeat(1e5), 'v')",
    "returned {}",
  ),
  deep(
    "a regular expression that is matched",
    "return new RegExp('(?:a|b)*'.repeat(2000)).test('ab'.repeat(1e4))",
    "returned true",
  ),
  deep("arguments by the hundred thousand", "return Math.max(...new Array(1e6).fill(1))", "exceeded memory"),
  deep(
    "arguments by their number",
    "return Math.max.apply(null, { length: 2 ** 31 })",
    "threw RangeError: too many arguments",
  ),
  deep(
    "text of a rope",
    "let s = ''; for (let i = 0; i < 4e3; i++) s = 'a' + s + i % 10; return s.length > 4e3 && s.charCodeAt(7) > 0",
    "returned true",
  ),
  deep(
    "a chain of prototypes",
    "let o = {}; for (let i = 0; i < 5e4; i++) o = Object.create(o); return o.x === undefined",
    "returned true",
  ),
  deep(
    "a chain of promises",
    "let p = Promise.resolve(1); for (let i = 0; i < 1e4; i++) p = p.then((x) => x); return p",
    "returned 1",
  ),
  deep(
    "a list freed at once",
    "let v = null; for (let i = 0; i < 1e5; i++) v = { v }; v = null; return 1",
    "returned 1",
  ),
];

const closed = (open: string, close: string, times: number): string =>
  `export default () => ${open.repeat(times)}1${close.repeat(times)}`;

/** Source that the engine's own parser recurses on. */
export const NESTED_SOURCE: readonly Attack[] = [
  deep("parentheses", closed("(", ")", 50_000)),
  deep("arrays", closed("[", "]", 50_000)),
  deep("objects", closed("({a:", "})", 30_000)),
  deep("arrow functions", `export default ${"a => ".repeat(50_000)}1`),
  deep("functions", `export default () => { ${"function f() {".repeat(20_000)} ${"}".repeat(20_000)} }`),
  deep("classes", `export default ${"class { static x = ".repeat(20_000)}1${"}".repeat(20_000)}`),
  deep("blocks", `export default () => { ${"{".repeat(50_000)} ${"}".repeat(50_000)} }`),
  deep("templates", closed("`${", "}`", 20_000)),
  deep("unary operators", `export default () => ${"!".repeat(200_000)}1`),
  deep("if and else", `export default () => { ${"if (1) {} else ".repeat(50_000)}; }`),
  deep("conditionals", `export default () => ${"1 ? 1 : ".repeat(50_000)}1`),
  deep("loops", `export default () => { ${"for (;;) ".repeat(50_000)}; }`, "threw SyntaxError"),
  deep(
    "labels",
    `export default () => { ${Array.from({ length: 20_000 }, (_, at) => `l${at}: `).join("")}; }`,
  ),
  deep("awaits", `export default async () => ${"await ".repeat(50_000)}1`),
  deep(
    "destructuring",
    `export default () => { const ${"[".repeat(20_000)}x${"]".repeat(20_000)} = 1 }`,
    "threw SyntaxError",
  ),
  deep("powers", `export default () => ${"1 ** ".repeat(50_000)}1`),
  deep("assignments", `export default () => { let a; ${"a = ".repeat(50_000)}1 }`),
  deep(
    "calls in a row",
    `export default () => { let f; f = () => f; return f${"()".repeat(50_000)} === f }`,
    "returned true",
  ),
  deep("a sum of thousands", `export default () => ${"1 + ".repeat(30_000)}1`, "returned 30001"),
];
