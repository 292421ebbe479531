import type { Attack } from "../../support/clean-room.ts";

const endless = (name: string, code: string): Attack => [name, code, "exceeded cpu", { cpuMs: 10 }];
const FILL = "const a = []; for (;;) a.push('x'.repeat(1e4) + a.length)";

/** Attempts to live on after the end: to catch the interruption, the trap, or the end of the memory. */
export const SWALLOWING: readonly Attack[] = [
  endless("an empty loop", "while (true) {}"),
  endless("a loop that only calls", "for (;;) Math.abs(1)"),
  endless("at the top of a module", "while (true) {} export default () => 1"),
  endless("in a static block", "export default class { static { for (;;) {} } }"),
  endless("in catch", "for (;;) { try { for (;;) {} } catch {} }"),
  endless("in finally", "const f = () => { try { for (;;) {} } finally { f() } }; f()"),
  endless("in finally that continues", "for (;;) { try { for (;;) {} } finally { continue } }"),
  endless(
    "in finally that returns",
    "const f = () => { try { for (;;) {} } finally { return 1 } }; for (;;) f()",
  ),
  endless("in an async function", "try { await null; for (;;) {} } catch { return 1 }"),
  endless(
    "in a promise that is never awaited",
    "Promise.resolve().then(() => { for (;;) {} }); return sleep(5)",
  ),
  endless(
    "in handlers of promises",
    "const f = () => { for (;;) {} }; const g = () => Promise.reject().then(f, f).catch(f).finally(f).then(g, g); return g()",
  ),
  endless(
    "in microtasks that queue more",
    "const f = () => { Promise.resolve().then(f) }; f(); return sleep(5)",
  ),
  endless("in queueMicrotask", "const f = () => queueMicrotask(f); f(); return sleep(5)"),
  endless("in a thenable", "return { then() { for (;;) {} } }"),
  endless("in thenables of thenables", "const t = () => ({ then(r) { r(t()) } }); return t()"),
  endless("in an async generator", "async function* g() { for (;;) yield 1 } for await (const x of g()) x"),
  endless(
    "in an async generator's finally",
    "async function* g() { try { yield 1 } finally { for (;;) await null } } const i = g(); await i.next(); await i.return()",
  ),
  endless(
    "in a generator that is closed",
    "function* g() { try { yield 1 } finally { for (;;) yield 2 } } const i = g(); i.next(); i.return(); for (;;) i.return()",
  ),
  endless(
    "in an iterator that is closed",
    "for (const x of { [Symbol.iterator]: () => ({ next: () => ({ done: false }), return() { for (;;) {} } }) }) break",
  ),
  endless("in a getter of the result", "return { get x() { for (;;) {} } }"),
  endless("in toJSON", "return { toJSON() { for (;;) {} } }"),
  endless("in toString while text is joined", "return '' + { toString() { for (;;) {} } }"),
  endless("in a comparator that catches", "[2, 1].sort(() => { try { for (;;) {} } catch { return 1 } })"),
  endless("in a reviver", "JSON.parse('[1]', () => { try { for (;;) {} } catch {} })"),
  endless(
    "in every trap of a proxy",
    "const p = new Proxy({}, new Proxy({}, { get: () => () => { try { for (;;) {} } catch {} } })); for (const k of Reflect.ownKeys(p)) p[k]",
  ),
  endless(
    "in Symbol.hasInstance",
    "({}) instanceof { [Symbol.hasInstance]() { try { for (;;) {} } catch { return 1 } } }",
  ),
  endless(
    "in the stack of its own interruption",
    "Error.prepareStackTrace = () => { for (;;) {} }; for (;;) {}",
  ),
  endless(
    "with a stack that is a lie",
    "Error.prepareStackTrace = () => 'at nowhere'; Error.stackTraceLimit = 1e9; for (;;) {}",
  ),
  endless(
    "with Error's properties as traps",
    "for (const k of ['name', 'message', 'stack', 'toString']) Object.defineProperty(Error.prototype, k, { get() { for (;;) {} }, set() { for (;;) {} } }); for (;;) {}",
  ),
  endless(
    "with InternalError's as traps",
    "Object.defineProperty(InternalError.prototype, 'name', { get() { for (;;) {} } }); globalThis.InternalError = null; for (;;) {}",
  ),
  endless(
    "with Object.prototype as a trap",
    "for (const k of ['message', 'stack', 'fileName', 'lineNumber', 'cause']) Object.defineProperty(Object.prototype, k, { set() { for (;;) {} }, get() { for (;;) {} } }); for (;;) {}",
  ),
  endless("after host calls", "await sleep(1); for (;;) {}"),
  endless("in host calls", "for (;;) try { host('nothing') } catch {}"),
  endless(
    "in what finalizers run",
    "const r = new FinalizationRegistry(() => { for (;;) {} }); for (let i = 0; i < 100; i++) r.register({}, i); return sleep(1)",
  ),
  endless("with the clock as judge", "const t = Date.now(); while (Date.now() - t < 1e9) {}"),
  endless(
    "in recursion that catches its own end",
    "const f = () => { try { f() } catch { f() } finally { f() } }; f()",
  ),
  [
    "in waitUntil, after the answer",
    "waitUntil((async () => { await sleep(1); for (;;) {} })()); return 1",
    "exceeded cpu",
    { cpuMs: 10 },
  ],
  [
    "the end of the memory, caught",
    `try { ${FILL} } catch {} throw new TypeError('not me')`,
    "exceeded memory",
    { cpuMs: 500 },
  ],
  [
    "the end of the memory, caught and forgotten",
    `const f = () => { ${FILL} }; try { f() } catch {} return 'recovered'`,
    'returned "recovered"',
    { cpuMs: 500 },
  ],
  [
    "the end of the memory, caught for ever",
    `const f = () => { ${FILL} }; for (;;) try { f() } catch {}`,
    "exceeded cpu",
    { cpuMs: 100 },
  ],
  [
    "the end of the memory in finally",
    `const f = () => { try { ${FILL} } finally { return f() } }; return f()`,
    "exceeded ",
    { cpuMs: 100 },
  ],
  [
    "the end of the memory in a promise",
    `const f = async () => { ${FILL} }; await Promise.allSettled([f(), f()]); throw 1`,
    "exceeded memory",
    { cpuMs: 500 },
  ],
  [
    "the end of the memory in a getter of the error",
    `throw { get message() { ${FILL} } }`,
    "exceeded memory",
    { cpuMs: 500 },
  ],
  [
    "the end of the stack, caught",
    "const f = () => { try { f() } catch { return 1 } }; return [f()]",
    "returned ",
  ],
  [
    "the end of the stack, caught for ever",
    "const f = () => { try { return f() } catch (e) { throw e } }; for (;;) try { f() } catch {}",
    "exceeded cpu",
    { cpuMs: 50 },
  ],
];
