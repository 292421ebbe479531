import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 10 };
const endless = ([name, code]: readonly [string, string]): Attack => [name, code, "exceeded cpu", CPU];
const BIG = "{ length: 2 ** 53 - 1 }";

/** Loops of the engine's own, which poll for no interrupt: only fuel ends them. */
const NATIVE: readonly (readonly [string, string])[] = [
  ["join", "new Array(4294967295).join('a')"],
  ["indexOf", "new Array(1e9).indexOf(3)"],
  ["lastIndexOf", "[].lastIndexOf.call({ length: 2 ** 53 - 1 }, 3)"],
  ["includes", "[].includes.call({ length: 2 ** 53 - 1 }, 3)"],
  ["sort of what is no array", "[].sort.call({ length: 1e9 })"],
  [
    "sort with a comparator that lies",
    "Array.from({ length: 2e4 }, (_, i) => i).sort(() => Math.random() - 0.5); for (;;) [3, 1, 2].sort(() => 1)",
  ],
  ["reverse", `[].reverse.call(${BIG})`],
  ["toReversed", "for (;;) new Array(1e5).toReversed()"],
  ["toSorted", "for (;;) new Array(1e5).toSorted()"],
  ["fill", `[].fill.call(${BIG}, 1)`],
  ["copyWithin", `[].copyWithin.call(${BIG}, 1, 0)`],
  ["forEach", `[].forEach.call(${BIG}, () => 1)`],
  [
    "every",
    "[].every.call(new Proxy({}, { has: () => true, get: (_, k) => (k === 'length' ? 1e15 : 1) }), () => true)",
  ],
  ["flat of a cycle", "const a = [1]; a.push(a); try { a.flat(Infinity) } catch {} for (;;) a.flat(3)"],
  [
    "concat of what spreads",
    `[].concat.call({ length: 1e15, [Symbol.isConcatSpreadable]: true }, { length: 1e15, [Symbol.isConcatSpreadable]: true })`,
  ],
  ["splice", "[].splice.call({ length: 2 ** 53 - 2 }, 0, 0, 1)"],
  ["unshift", "[].unshift.call({ length: 2 ** 53 - 2 }, 1)"],
  ["shift", `[].shift.call(${BIG})`],
  ["with", "for (;;) new Array(1e4).with(0, 1)"],
  ["String.raw", `String.raw({ raw: ${BIG} })`],
  ["Array.from a length", "Array.from({ length: 2 ** 32 - 1 }, () => 1)"],
  [
    "Array.from an iterator",
    "Array.from({ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }, () => undefined)",
  ],
  [
    "Array.fromAsync",
    "await Array.fromAsync({ [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false }) }) }, () => 1)",
  ],
  [
    "Object.groupBy",
    "Object.groupBy({ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }, () => 'k')",
  ],
  ["Reflect.apply with a length", "for (;;) try { Reflect.apply(Math.max, null, { length: 6e4 }) } catch {}"],
  ["fill of typed arrays", "const a = new Uint8Array(1e6); for (;;) a.fill(1).copyWithin(1, 0)"],
  ["sort of typed arrays", "const a = new Float64Array(1e5).map((_, i) => -i); for (;;) a.sort().reverse()"],
  ["set of typed arrays", "const a = new Float64Array(1e5); const b = new Int8Array(1e5); for (;;) a.set(b)"],
  ["indexOf in typed arrays", "const a = new Uint32Array(1e6); for (;;) a.indexOf(1)"],
  ["join of typed arrays", "const a = new Float64Array(1e4).fill(1.1); for (;;) a.join()"],
  ["slices of buffers", "const b = new ArrayBuffer(1e6); for (;;) b.slice(1)"],
  ["buffers that move", "let b = new ArrayBuffer(1e6); for (;;) b = b.transfer()"],
  ["repeat and search", "for (;;) ('a'.repeat(1e5) + 'b').indexOf('c')"],
  [
    "search of what nearly matches",
    "const h = 'a'.repeat(1e5); const n = 'a'.repeat(5e4) + 'b'; for (;;) h.lastIndexOf(n)",
  ],
  ["padEnd", "for (;;) 'a'.padEnd(1e6, 'abc')"],
  ["split", "const s = 'a,'.repeat(1e4); for (;;) s.split(',')"],
  ["replaceAll", "const s = 'ab'.repeat(1e4); for (;;) s.replaceAll('a', 'cc')"],
  ["normalize", "const s = 'e\\u0301'.repeat(1e4); for (;;) s.normalize('NFKD').normalize('NFKC')"],
  ["localeCompare", "const s = '\\u00e9'.repeat(1e5); for (;;) s.localeCompare(s + 'a')"],
  ["toUpperCase", "const s = '\\u00df'.repeat(1e5); for (;;) s.toUpperCase()"],
  ["isWellFormed", "const s = '\\u2603'.repeat(1e6); for (;;) s.isWellFormed() && s.toWellFormed()"],
  [
    "escape and back",
    "const s = '\\u2603'.repeat(1e4); for (;;) unescape(escape(decodeURIComponent(encodeURIComponent(s))))",
  ],
  [
    "JSON with an indent",
    "const v = Array.from({ length: 1e4 }, () => [1]); for (;;) JSON.stringify(v, null, '          ')",
  ],
  [
    "JSON to and fro",
    "const v = Array.from({ length: 1e4 }, (_, i) => ({ i })); for (;;) JSON.parse(JSON.stringify(v))",
  ],
  ["JSON with a reviver", "for (;;) JSON.parse('[1,2,3]', function (k, v) { this[k + 1] = 1; return v })"],
  ["numbers to text", "for (;;) (1e300 / 3).toString(3) + (1e21).toFixed(100) + (0.1).toPrecision(100)"],
  ["text to numbers", "const s = '1'.repeat(1e5); for (;;) Number(s) + parseFloat(s) + parseInt(s, 36)"],
  ["dates", "for (;;) new Date('Thu, 01 Jan 1970 00:00:00 GMT' + ' '.repeat(100)).toLocaleString()"],
  [
    "property keys",
    "const o = Object.fromEntries(Array.from({ length: 5e3 }, (_, i) => [i + 'k', i])); for (;;) Object.keys(o).length + Object.entries(o).length",
  ],
  [
    "prototypes that are long",
    "let o = {}; for (let i = 0; i < 2e4; i++) o = Object.create(o); for (;;) o.missing",
  ],
  [
    "keys of long prototypes",
    "let o = {}; for (let i = 0; i < 1e3; i++) o = Object.create(o, { ['k' + i]: { enumerable: true } }); for (;;) for (const k in o) k",
  ],
  [
    "instanceof on long prototypes",
    "let o = {}; for (let i = 0; i < 2e4; i++) o = Object.create(o); for (;;) o instanceof Promise",
  ],
  [
    "sets of each other",
    "const s = new Set(Array.from({ length: 1e4 }, (_, i) => i)); for (;;) s.union(s).isSubsetOf(s)",
  ],
  [
    "a map that is walked and refilled",
    "const m = new Map([[0, 0]]); let i = 0; for (const [k] of m) { m.delete(k); m.set(++i, 0) }",
  ],
  [
    "keys of one hash",
    "const m = new Map(); for (let i = 0; ; i++) { m.set(i * 2 ** 32, i); if (m.size > 1e3) m.clear() }",
  ],
  ["iterator helpers", "function* g() { for (;;) yield 1 } g().filter(() => false).map((x) => x).next()"],
  ["drop without end", "function* g() { for (;;) yield 1 } g().drop(Infinity).next()"],
];

const REGEXPS: readonly (readonly [string, string])[] = [
  ["nested quantifiers", "/(a+)+b/.test('a'.repeat(40))"],
  ["alternatives that overlap", "/^(a|a|aa)+$/.test('a'.repeat(60) + 'b')"],
  ["a lookahead", "/(?=(a+))a*b\\1/.test('a'.repeat(2e4)); for (;;) /(?=(a+)+b)/.test('a'.repeat(40))"],
  [
    "a lookbehind",
    "/(?<=(a+)+)c/.test('a'.repeat(40) + 'b'); for (;;) /(?<=(?:a|aa)+b)c/.test('a'.repeat(100))",
  ],
  [
    "back references",
    "/^(.*)\\1\\1\\1$/.test('a'.repeat(3e4) + 'b'); for (;;) /(a*)*\\1b/.test('a'.repeat(40))",
  ],
  ["counts of counts", "/(?:(?:a{1,60}){1,60}){1,60}b/.test('a'.repeat(100))"],
  [
    "case folding of all of Unicode",
    "for (;;) /[^\\u0000-\\uffff]|\\p{L}+\\d/iu.test('\\u0130'.repeat(1e4))",
  ],
  ["sets of the v flag", "for (;;) new RegExp('[\\\\p{L}&&[a-z]]+x', 'v').test('a'.repeat(1e4))"],
  ["split by it", "('a'.repeat(40) + 'c').split(/(a+)+b/); "],
  [
    "replace by it, again and again",
    "let s = 'x'.repeat(1e4); for (;;) s = s.replace(/x*?y?/g, 'x').slice(0, 1e4)",
  ],
  [
    "matchAll with an index that is set back",
    "const r = /a/g; r.exec = function () { this.lastIndex = 0; return ['a'] }; for (const m of 'a'.matchAll(r)) m; for (;;) 'aaa'.replace(/a/g, '$&')",
  ],
  ["an exec of its own that never ends", "const r = /a/g; r.exec = () => ['x']; 'a'.replace(r, '')"],
];

const BIGINTS: readonly (readonly [string, string])[] = [
  ["powers", "let n = 3n; for (;;) n = (n * n) % (2n ** 5000n)"],
  ["a product of giants", "const n = 1n << 400000n; for (;;) n * n"],
  ["a quotient of giants", "const n = (1n << 400000n) - 1n; for (;;) (n * n) / (n - 2n)"],
  ["text of a giant", "const n = 1n << 400000n; for (;;) n.toString()"],
  ["a giant from text", "for (;;) BigInt('9'.repeat(1e6))"],
  ["a giant in base 3", "const n = 7n ** 100000n; for (;;) n.toString(3)"],
  ["shifts", "const n = 1n << 400000n; for (;;) (n >> 1n) ^ ~n"],
  ["cuts", "const n = (1n << 400000n) - 1n; for (;;) BigInt.asIntN(399999, -n) + BigInt.asUintN(399999, n)"],
];

export const NATIVE_LOOPS = NATIVE.map(endless);
export const REGEXP_LOOPS = REGEXPS.map(endless);
export const BIGINT_LOOPS: readonly Attack[] = [
  ...BIGINTS.map(endless),
  ["a power beyond all bounds", "2n ** (2n ** 62n)", "threw RangeError"],
  ["a shift beyond all bounds", "1n << (2n ** 62n)", "threw RangeError"],
  [
    "a giant beyond the engine's own bound",
    "let n = 1n; for (;;) n = (n << 100000n) + 1n",
    "threw RangeError",
  ],
];
