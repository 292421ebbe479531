import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 20 };
const CALLS = { hostCalls: 30, hostCallsInFlight: 8 };
const bytes = "new Uint8Array(64)";

/** What a hit gives its script, and the powers that act on the host. */
export const HIT_CONTEXT: readonly Attack[] = [
  [
    "the door by its name",
    "return { body: typeof __host + typeof host + ('__host' in globalThis) }",
    "returned undefinedundefinedfalse",
  ],
  [
    "frames whose functions are called again",
    "Error.prepareStackTrace = (_, f) => f; const frames = new Error().stack; for (const f of frames.slice(1)) try { f.getFunction()(CANARY) } catch {} return { body: 'once' }",
    "returned once",
  ],
  [
    "the request, changed",
    "Object.defineProperty(request, 'url', { get: () => { throw 1 } }); request.headers.set('x', CANARY); return { body: 'fine' }",
    "returned fine",
  ],
  [
    "the request, polluted",
    'const sent = JSON.parse(\'{"__proto__":{"polluted":1}}\'); Object.assign({}, sent); structuredClone(sent); return { body: typeof {}.polluted }',
    "returned undefined",
  ],
  ["the body, read twice", "await request.text(); return { body: await request.text() }", "threw TypeError"],
  [
    "the body, answered after it was read",
    "await request.text(); return new Response(request.body)",
    "threw TypeError: This body has already been read",
  ],
  ["the body, cloned for ever", "for (;;) request.clone()", "exceeded ", CPU],
  ["ctx, frozen", "Object.freeze(ctx); return { body: 'fine' }", "returned fine"],
  [
    "ctx, replaced",
    "for (const k of Reflect.ownKeys(ctx)) try { ctx[k] = () => { throw 1 } } catch {} return { body: 'fine' }",
    "returned fine",
  ],
  [
    "ctx.secrets, walked",
    "return { body: [Reflect.ownKeys(ctx.secrets), JSON.stringify(ctx.secrets), '__proto__' in ctx.secrets] }",
    'returned [[],"{}",false]',
  ],
  ["ctx.secrets, read", "return { body: ctx.secrets.ANY }", "threw SecretNotGranted"],
  ["ctx.journal with traps", "ctx.journal({ get keep() { throw new Error('wish') } })", "threw Error: wish"],
  [
    "ctx.waitUntil for ever",
    "ctx.waitUntil(new Promise(() => {})); return { body: 'out' }",
    "unusable never-settled",
  ],
  [
    "ctx.waitUntil of traps",
    "ctx.waitUntil({ get then() { throw new Error('late') } }); return { body: 'out' }",
    "threw Error: late",
  ],
  [
    "ctx.waitUntil in itself",
    "const f = () => ctx.waitUntil(Promise.resolve().then(f)); f(); return { body: 'out' }",
    "exceeded cpu",
    CPU,
  ],
  [
    "ctx.waitUntil that loops after the answer",
    "ctx.waitUntil((async () => { await new Promise((r) => setTimeout(r)); for (;;) {} })()); return { body: 'out' }",
    "exceeded cpu",
    CPU,
  ],
  [
    "ctx.waitUntil that eats memory after the answer",
    "ctx.waitUntil((async () => { await null; const a = []; for (;;) a.push('x'.repeat(1e4) + a.length) })()); return { body: 'out' }",
    "exceeded memory",
    { cpuMs: 500 },
  ],
  [
    "an answer that is changed after it was given",
    "const b = new Uint8Array([111, 107]); ctx.waitUntil(new Promise((r) => setTimeout(r, 2)).then(() => b.fill(0))); return { body: b }",
    "returned ok",
  ],
  [
    "digests of megabytes",
    "const b = new Uint8Array(3e6); for (;;) await crypto.subtle.digest('SHA-512', b)",
    "exceeded ",
    CALLS,
  ],
  [
    "digests at once",
    "await Promise.all(Array.from({ length: 1e3 }, () => crypto.subtle.digest('SHA-1', new Uint8Array(8))))",
    "exceeded calls",
    CALLS,
  ],
  [
    "a digest of no algorithm",
    `await crypto.subtle.digest('__proto__', ${bytes})`,
    "threw NotSupportedError",
  ],
  [
    "a digest by traps",
    `await crypto.subtle.digest({ get name() { throw new Error('alg') } }, ${bytes})`,
    "threw Error: alg",
  ],
  [
    "a key stretched without end",
    `const k = await crypto.subtle.importKey('raw', ${bytes}, 'PBKDF2', false, ['deriveBits']); await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-512', salt: ${bytes}, iterations: 2 ** 32 - 1 }, k, 512)`,
    "exceeded cpu",
    CPU,
  ],
  [
    "a key that says it is another",
    `const k = await crypto.subtle.importKey('raw', ${bytes}, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']); Object.defineProperty(k, 'algorithm', { value: { name: 'RSA-PSS' } }); return { body: (await crypto.subtle.sign('HMAC', k, ${bytes})).byteLength }`,
    "returned 32",
  ],
  [
    "a key that is none",
    "await crypto.subtle.sign('HMAC', { __proto__: CryptoKey.prototype }, new Uint8Array(8))",
    "threw TypeError",
  ],
  [
    "a key of garbage",
    `await crypto.subtle.importKey('pkcs8', ${bytes}, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign'])`,
    "threw ",
  ],
  [
    "a species between the copy and the host",
    "const big = new ArrayBuffer(1e6); Object.defineProperty(ArrayBuffer, Symbol.species, { get: () => function () { return big } }); const d = await crypto.subtle.digest('SHA-256', new Uint8Array(1e6)); return { body: d.byteLength }",
    "returned 32",
  ],
  [
    "randomness for ever",
    "const b = new Uint8Array(65536); for (;;) crypto.getRandomValues(b)",
    "exceeded cpu",
    CPU,
  ],
  [
    "randomness into what is detached",
    "const b = new Uint8Array(8); b.buffer.transfer(); crypto.getRandomValues(b); return { body: 'none' }",
    "threw TypeError",
  ],
  [
    "a clock finer than a millisecond",
    "const t = []; for (let i = 0; i < 2000; i++) t.push(performance.now(), Date.now(), performance.timeOrigin); return { body: t.every(Number.isInteger) }",
    "returned true",
  ],
  [
    "a clock in events",
    "return { body: [new Event('x').timeStamp, performance.timeOrigin].every(Number.isInteger) }",
    "returned true",
  ],
  [
    "a module that is thenable",
    "export const then = (r) => r({ default: () => ({ body: 'mine' }) }); export default () => ({ body: 'real' })",
    "returned mine",
  ],
  ["a module without end", "await new Promise(() => {}); export default () => 1", "unusable never-settled"],
  [
    "a module whose default is a trap",
    "export default new Proxy(() => ({ body: 'p' }), { apply() { throw new Error('applied') } })",
    "threw Error: applied",
  ],
  [
    "two handlers that are traps",
    "const f = () => ({ body: 'one' }); export { f as default, f as onRequest }",
    "returned one",
  ],
  [
    "everything made thenable",
    "Object.prototype.then = function (r) { r({ body: 'stolen' }) }; return { body: 'mine' }",
    "exceeded cpu",
  ],
];
