import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 20 };

/** The Web's values, and the answers made of them, driven as no standard means them to be. */
export const WEB_APIS: readonly Attack[] = [
  ["a URL of a megabyte", "for (;;) new URL('http://x/' + 'a'.repeat(1e6))", "exceeded cpu", CPU],
  [
    "a URL that is set for ever",
    "const u = new URL('http://x/'); for (;;) u.search += CANARY",
    "exceeded ",
    CPU,
  ],
  [
    "a URL of dots",
    "return { body: new URL('http://x/' + '../'.repeat(1e3)).pathname }",
    "returned /",
    { cpuMs: 100 },
  ],
  [
    "search parameters without number",
    "const p = new URLSearchParams(); for (;;) p.append(CANARY, p.size)",
    "exceeded ",
    CPU,
  ],
  [
    "headers without number",
    "const h = new Headers(); for (let i = 0; ; i++) h.append('x-' + i, CANARY)",
    "exceeded ",
    { cpuMs: 200 },
  ],
  ["headers beyond the limit", "return { headers: { x: 'a'.repeat(7e4) } }", "exceeded output"],
  ["a header that is split", "return { headers: { x: 'a\\r\\nset-cookie: b' } }", "unusable bad-result"],
  ["a header's name that is split", "return { headers: { 'x\\r\\ny': 'a' } }", "unusable bad-result"],
  ["a header named __proto__", 'return { headers: JSON.parse(\'{"__proto__":"a"}\') }', "returned "],
  [
    "headers that never end",
    "return { headers: new Proxy([], { get: (_, k) => (k === 'length' ? 2 ** 32 - 1 : ['a', 'b']) }) }",
    "threw TypeError",
    CPU,
  ],
  [
    "headers as a map that grows",
    "const m = new Map([['a', 'b']]); m[Symbol.iterator] = function* () { for (let i = 0; ; i++) yield ['a' + i, 'b'] }; return { headers: m }",
    "exceeded ",
    { cpuMs: 200 },
  ],
  ["a status that is a trap", "return { status: { valueOf: () => { throw 1 } } }", "unusable bad-result"],
  [
    "a status that changes",
    "let n = 0; return { get status() { return n++ ? 999 : 201 }, body: 'x' }",
    "returned x",
  ],
  [
    "a reply of traps",
    "return new Proxy({ body: 1 }, { get: () => { throw new Error('trap') } })",
    "threw Error: trap",
  ],
  [
    "a reply whose prototype is a trap",
    "return new Proxy({}, { getPrototypeOf: () => { throw new Error('trap') } })",
    "threw Error: trap",
  ],
  [
    "a reply that was revoked",
    "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy",
    "threw TypeError",
  ],
  [
    "a reply with every field",
    "return Object.fromEntries(Array.from({ length: 1e4 }, (_, i) => ['f' + i, i]))",
    "unusable bad-result",
  ],
  [
    "a reply that is a Response by its prototype",
    "return Object.create(Response.prototype)",
    "unusable bad-result",
  ],
  [
    "a Response whose fields are overridden",
    "return Object.defineProperty(new Response('real'), 'status', { get: () => 999 })",
    "returned real",
  ],
  [
    "a Response whose class is extended",
    "return new (class extends Response { get headers() { throw 1 } get body() { throw 2 } })('real')",
    "returned real",
  ],
  [
    "a Response read before it is answered",
    "const r = new Response('x'); await r.text(); return r",
    "unusable bad-result",
  ],
  ["a Response of an error", "return Response.error()", "unusable bad-result"],
  ["a body of holes", "return { body: new Array(2 ** 32 - 1) }", "exceeded cpu", CPU],
  ["a body that is a cycle", "const a = []; a.push(a); return { body: a }", "unusable not-json"],
  [
    "a body nested deeply",
    "let v = []; for (let i = 0; i < 1e5; i++) v = [v]; return { body: v }",
    "exceeded stack",
    { cpuMs: 1_000 },
  ],
  ["a body of a bigint", "return { body: { n: 1n } }", "unusable not-json"],
  [
    "a body that is detached",
    "const b = new Uint8Array(8); b.buffer.transfer(); return { body: b }",
    "threw TypeError: ArrayBuffer is detached",
  ],
  [
    "a body that shrinks while it is sent",
    "const b = new ArrayBuffer(64, { maxByteLength: 64 }); const v = new Uint8Array(b); return { get body() { b.resize(1); return v } }",
    "returned ",
  ],
  ["a body that cannot be a body", "return { body: Promise.resolve(1) }", "unusable bad-result"],
  [
    "a body beyond the limit",
    "return { body: new Uint8Array(3e6) }",
    "exceeded output",
    { answerBodyBytes: 2_000_000 },
  ],
  [
    "a body of text beyond the limit",
    "return { body: 'x'.repeat(3e6) }",
    "exceeded output",
    { answerBodyBytes: 2_000_000 },
  ],
  [
    "blobs of blobs",
    "let b = new Blob([CANARY]); for (;;) b = new Blob([b, b])",
    "exceeded ",
    { cpuMs: 500 },
  ],
  [
    "slices of blobs",
    "let b = new Blob([CANARY.repeat(1e3)]); for (;;) b.slice(1, -1).size",
    "exceeded cpu",
    CPU,
  ],
  [
    "a form of itself",
    "const f = new FormData(); for (;;) f.append(CANARY, new Blob([CANARY]))",
    "exceeded ",
    CPU,
  ],
  [
    "a multipart body of edges",
    "const b = '--b\\r\\n'.repeat(2e4); return { body: await new Response(b, { headers: { 'content-type': 'multipart/form-data; boundary=b' } }).formData().catch(() => 'refused') }",
    "returned refused",
    { cpuMs: 200 },
  ],
  [
    "a multipart body without an edge",
    "const b = '--b'.repeat(1e5); return { body: await new Response(b, { headers: { 'content-type': 'multipart/form-data; boundary=' + 'b'.repeat(70) } }).formData().catch(() => 'refused') }",
    "returned refused",
    { cpuMs: 200 },
  ],
  ["clones of a cycle", "const a = {}; a.a = a; for (;;) structuredClone(a)", "exceeded cpu", CPU],
  [
    "a clone nested deeply",
    "let v = []; for (let i = 0; i < 1e5; i++) v = [v]; return { body: structuredClone(v).length }",
    "exceeded stack",
    { cpuMs: 1_000 },
  ],
  [
    "a clone of traps",
    "return { body: structuredClone({ get a() { throw new Error('cloned') } }) }",
    "threw Error: cloned",
  ],
  [
    "a clone of the greatest array",
    "structuredClone(new Array(2 ** 32 - 1))",
    "returned null",
    { cpuMs: 200 },
  ],
  ["base64 of megabytes", "const s = 'a'.repeat(1e6); for (;;) atob(btoa(s))", "exceeded ", CPU],
  [
    "text of megabytes",
    "const b = new Uint8Array(1e6).fill(0xff); for (;;) new TextDecoder().decode(b)",
    "exceeded ",
    CPU,
  ],
  [
    "a decoder that streams for ever",
    "const d = new TextDecoder('utf-16le'); const b = new Uint8Array(1e5); for (;;) d.decode(b, { stream: true })",
    "exceeded ",
    CPU,
  ],
  [
    "labels of encodings",
    "for (let i = 0; ; i++) try { new TextDecoder(CANARY + i) } catch {}",
    "exceeded cpu",
    CPU,
  ],
];
