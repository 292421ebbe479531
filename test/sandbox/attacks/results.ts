import type { Attack } from "../../support/clean-room.ts";

const LONG = { cpuMs: 20 };

/** Results cross as JSON that the guest makes under its own limits; the host never walks an object of the guest's. */
export const RESULTS: readonly Attack[] = [
  ["an empty array of the greatest length", "return new Array(2 ** 32 - 1)", "exceeded cpu", LONG],
  [
    "a sparse array of the greatest length",
    "const a = []; a[2 ** 32 - 2] = 1; return a",
    "exceeded cpu",
    LONG,
  ],
  [
    "what says that it is an array",
    "return new Proxy([], { get: (_, k) => (k === 'length' ? 2 ** 53 - 1 : 0) })",
    "exceeded cpu",
    LONG,
  ],
  ["a cycle", "const a = {}; a.a = a; return a", "threw TypeError: circular reference"],
  ["a cycle through toJSON", "const a = { toJSON: () => ({ a }) }; return a", "exceeded ", { cpuMs: 50 }],
  ["a bigint", "return 1n", "threw TypeError"],
  [
    "a bigint with toJSON",
    "BigInt.prototype.toJSON = function () { return this.toString() }; return 2n ** 64n",
    'returned "18446744073709551616"',
  ],
  [
    "a bigint with toJSON of a bigint",
    "BigInt.prototype.toJSON = function () { return this }; return 1n",
    "threw TypeError",
  ],
  ["a symbol", "return Symbol(CANARY)", "returned "],
  ["a function", "return () => CANARY", "returned "],
  ["a symbol as key", "return { [Symbol.for(CANARY)]: 1 }", "returned {}"],
  [
    "numbers that JSON has not",
    "return [NaN, Infinity, -0, undefined, () => 1]",
    "returned [null,null,0,null,null]",
  ],
  ["a date that is none", "return new Date(NaN)", "returned null"],
  ["a date that lies", "Date.prototype.toISOString = () => ({}); return new Date(0)", "returned {}"],
  [
    "nested a thousand deep",
    "let v = 1; for (let i = 0; i < 1000; i++) v = [v]; return v",
    "unusable too-deep",
  ],
  [
    "nested sixty deep",
    "let v = 1; for (let i = 0; i < 60; i++) v = [v]; return JSON.stringify(v).length",
    "returned 121",
  ],
  ["text that looks nested", "return '['.repeat(1000)", "returned "],
  [
    "a key that is the prototype",
    'return JSON.parse(\'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}\')',
    'returned {"__proto__":{"polluted":1}',
  ],
  [
    "a head that pollutes",
    'host(\'answer\', frame(\'{"__proto__":{"body":"none"},"constructor":1}\'))',
    "unusable bad-result",
  ],
  [
    "a head whose body is inherited",
    'host(\'answer\', frame(\'{"body":{"__proto__":{"input":0}}}\'))',
    "unusable bad-result",
  ],
  ["a head that is an array", "host('answer', frame('[\"bytes\"]'))", "unusable bad-result"],
  ["a head that is null", "host('answer', frame('null'))", "unusable bad-result"],
  [
    "keys without number",
    "const o = {}; for (let i = 0; i < 1e4; i++) o[i + CANARY] = i; return o",
    "exceeded ",
    { cpuMs: 1_000 },
  ],
  ["lone surrogates", "return '\\ud800\\udc00\\udfff\\ud800'", 'returned "\ud800\udc00\\udfff\\ud800"'],
  ["NUL", "return 'a\\0b'", 'returned "a\\u0000b"'],
  [
    "keys with NUL and lone surrogates",
    "return { '\\0': 1, '\\ud800': 2 }",
    'returned {"\\u0000":1,"\\ud800":2}',
  ],
  ["line separators and a BOM", "return '\\u2028\\u2029\\ufeff'", 'returned "\u2028\u2029\ufeff"'],
  [
    "a toJSON that gives something else each time",
    "let n = 0; const o = { toJSON: () => ++n }; return [o, o, o]",
    "returned [1,2,3]",
  ],
  ["Object.prototype.toJSON", "Object.prototype.toJSON = () => CANARY.length; return { a: 1 }", "returned "],
  [
    "String.prototype.toJSON",
    "String.prototype.toJSON = () => { throw new Error('told') }; return 'x'",
    'returned "x"',
  ],
  ["a getter that throws", "return { get a() { throw new Error('got') } }", "threw Error: got"],
  [
    "a proxy that was revoked",
    "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return { proxy }",
    "threw TypeError",
  ],
  ["a proxy whose keys lie", "return new Proxy({}, { ownKeys: () => ['a', 'a'] })", "threw TypeError"],
  [
    "a proxy with keys without end",
    "return new Proxy({}, { ownKeys: () => ({ length: 2 ** 32 - 1 }) })",
    "",
    { cpuMs: 200 },
  ],
  ["text beyond the limit", "return 'x'.repeat(2e5)", "exceeded output"],
  ["bytes beyond the limit", "return new ArrayBuffer(2000)", "exceeded output", { answerBodyBytes: 1_999 }],
  ["a buffer that is detached", "const b = new ArrayBuffer(8); b.transfer(); return b", "threw TypeError"],
  [
    "a buffer detached while it is answered",
    "const b = new ArrayBuffer(8); b.constructor = { [Symbol.species]: function () { b.transfer(); return new ArrayBuffer(8) } }; return b",
    "returned ",
  ],
  [
    "a buffer that can grow",
    "const b = new ArrayBuffer(8, { maxByteLength: 1024 }); b.resize(1024); return b",
    "returned ",
  ],
  [
    "shared memory",
    "return typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(8) : {}",
    "returned ",
  ],
  ["the module itself", "return import('script')", "returned {}"],
  ["the global object", "return globalThis", "returned "],
  ["a generator that never ends", "return (function* () { for (;;) yield 1 })()", "returned {}"],
  [
    "boxed values",
    "return [Object(1), Object('a'), Object(true), Object(Symbol()), new (class extends Number {})(2)]",
    'returned [1,"a",true,{},2]',
  ],
  [
    "an array whose length is a trap",
    "const a = [1]; return new Proxy(a, { get: (t, k) => { if (k === 'length') throw new Error('length'); return t[k] } })",
    "threw Error: length",
  ],
];
