import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 20 };

/** What the expression form is given: its context, and the shims of another product. */
export const EXPRESSION_CONTEXT: readonly Attack[] = [
  ["context, replaced", "globalThis.context = null; return { body: 'fine' }", "returned fine"],
  [
    "context, polluted",
    "context.headers.__proto__.polluted = 1; return { body: [typeof {}.polluted, Object.getPrototypeOf(context.headers) === Object.prototype] }",
    "returned ",
  ],
  [
    "Deno, searched",
    "return { body: [Object.keys(Deno), typeof Deno.core.ops?.op_eval, typeof Deno.env, typeof Deno.readFile] }",
    "returned ",
  ],
  [
    "Deno's timers with traps",
    "Deno.core.createTimer(() => { throw new Error('timer') }, 0, undefined, false, true, false); await new Promise((r) => setTimeout(r, 2)); return { body: 'on' }",
    "returned on",
  ],
  [
    "Deno's deserialize of garbage",
    "return { body: Deno.core.deserialize(new Uint8Array(64).fill(255)) }",
    "threw ",
  ],
  [
    "Deno's serialize of a cycle",
    "const a = {}; a.a = a; return { body: typeof Deno.core.deserialize(Deno.core.serialize(a)).a.a.a }",
    "returned object",
  ],
  ["Deno's decode of what is no text", "Deno.core.decode({ length: 2 ** 40 })", "threw TypeError"],
  ["Deno's print for ever", "for (;;) Deno.core.print(CANARY)", "exceeded cpu", CPU],
  [
    "secutils with traps",
    "return { body: secutils.crypto.sha256({ toString() { throw new Error('data') } }) }",
    "threw ",
  ],
  ["secutils seal of garbage", "return { body: secutils.crypto.seal(CANARY, CANARY) }", "threw "],
  ["a status that is a string", "return { statusCode: '200' }", "unusable bad-result"],
  [
    "a body of numbers without end",
    "return { body: new Array(2 ** 32 - 1).fill(1) }",
    "exceeded ",
    { cpuMs: 200 },
  ],
  [
    "a body whose first number is a trap",
    "return { body: new Proxy([1], { get: (t, k) => (k === 'length' ? 2 ** 32 - 1 : t[0]) }) }",
    "threw RangeError",
    { cpuMs: 200 },
  ],
  [
    "a body that lies of its bytes",
    "const b = new Uint8Array(2); Object.defineProperty(b, 'length', { value: 2 ** 30 }); return { body: b }",
    "returned \0\0",
  ],
  [
    "headers as a map of traps",
    "const m = new Map([['a', 'b']]); m[Symbol.iterator] = () => { throw new Error('walked') }; return { headers: m }",
    "threw Error: walked",
  ],
  [
    "headers with __proto__",
    "return { headers: JSON.parse('{\"__proto__\":\"x\"}'), body: 'fine' }",
    "returned fine",
  ],
  [
    "callers",
    "const f = function () { return [f.caller, arguments.callee.caller] }; return { body: f() }",
    "returned [null,null]",
  ],
  [
    "this of a plain function",
    "return { body: (function () { return this === globalThis && typeof this.__host })() }",
    "returned",
  ],
  [
    "names looked for through a proxy",
    "const seen = []; const look = new Proxy({}, { has: (_, key) => { seen[seen.length] = String(key); return false } }); with (look) { Deno.core.encode(CANARY) } return { body: seen }",
    'returned ["Deno","CANARY"',
  ],
];
