import type { Attack } from "../../support/clean-room.ts";

const ANSWER = `host('answer', frame('{"body":"none","value":"early"}'))`;

/** Guest code that runs while the host or the prelude is in the middle of something. */
export const REENTRANCY: readonly Attack[] = [
  ["a host call in toJSON", "return { toJSON() { print('in'); return 1 } }", "returned 1"],
  [
    "an answer in toJSON",
    `return { toJSON() { ${ANSWER}; return 1 } }`,
    "threw TypeError: there is an answer already",
  ],
  ["the end in toJSON", "return { toJSON() { host('done') } }", "unusable never-settled"],
  ["an answer and the end in toJSON", `return { toJSON() { ${ANSWER}; host('done') } }`, 'returned "early"'],
  [
    "a failure in toJSON",
    'return { toJSON() { host(\'fail\', \'{"kind":"threw","name":"F","message":"m"}\'); return 1 } }',
    "threw F: m",
  ],
  [
    "a host call in a getter of the result",
    "return { get a() { return new Uint8Array(host('random', new Uint32Array([4]).buffer)).length } }",
    'returned {"a":4}',
  ],
  [
    "a host call in a proxy's ownKeys",
    "return new Proxy({}, { ownKeys() { print('keys'); return ['a'] }, getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => 2 })",
    'returned {"a":2}',
  ],
  [
    "host calls in a comparator",
    "return [3, 1, 2].sort((a, b) => { print('cmp'); return a - b })",
    "returned [1,2,3]",
  ],
  ["the end in a comparator", `${ANSWER}; [3, 1, 2].sort(() => host('done'))`, 'returned "early"'],
  [
    "a comparator that empties its array",
    "const a = [5, 4, 3, 2, 1]; a.sort(() => { a.length = 0; return 1 }); return a.length",
    "returned 5",
  ],
  [
    "a comparator that sorts its array",
    "const a = [3, 2, 1]; let n = 0; a.sort((x, y) => { if (n++ < 50) a.sort(); return x - y }); return a",
    "returned [1,2,3]",
  ],
  [
    "a host call in a replacement",
    "return 'aaa'.replace(/a/g, () => host('fuel-left').byteLength)",
    'returned "888"',
  ],
  [
    "a host call in toString of a name",
    "return host({ toString: () => { host('done') } })",
    "threw TypeError: a host call begins with its name",
  ],
  [
    "a host call in valueOf of an argument",
    "return host('cancel', { valueOf: () => { host('done') } })",
    "threw TypeError",
  ],
  [
    "a proxy as an argument",
    "return host('log', new Proxy(new ArrayBuffer(8), { get() { host('done') } }))",
    "threw TypeError",
  ],
  ["a view as an argument", "return host('cancel', new Uint8Array(4))", "threw TypeError"],
  [
    "a resizable buffer as an argument",
    "const b = new ArrayBuffer(4, { maxByteLength: 64 }); host('cancel', b); b.resize(64); return b.byteLength",
    "returned 64",
  ],
  [
    "a subclass of ArrayBuffer that lies of its length",
    "class B extends ArrayBuffer { get byteLength() { return 2 ** 40 } slice() { throw 1 } } host('cancel', new B(4)); return 'fine'",
    'returned "fine"',
  ],
  [
    "ArrayBuffer.prototype.slice replaced",
    "ArrayBuffer.prototype.slice = () => { throw 1 }; host('nothing-large', new ArrayBuffer(2e6))",
    "threw TypeError: there is no such host call",
  ],
  [
    "ArrayBuffer's species replaced",
    "Object.defineProperty(ArrayBuffer, Symbol.species, { get() { host('done') } }); host('nothing-large', new ArrayBuffer(2e6))",
    "threw TypeError: there is no such host call",
  ],
  [
    "String.prototype.length got at",
    "Object.defineProperty(String.prototype, 'length', { get: () => 2 ** 40 }); print(CANARY); return CANARY.length",
    "returned ",
  ],
  [
    "a call cancelled in its own ending",
    "const id = host('timer', new Float64Array([0]).buffer); host('cancel', new Uint32Array([id]).buffer); host('cancel', new Uint32Array([id]).buffer); return 1",
    "returned 1",
  ],
  [
    "calls begun in the ending of one",
    "let n = 0; const more = async () => { await sleep(0); if (++n < 20) await more() }; await more(); return n",
    "returned 20",
  ],
  [
    "settling that throws",
    "const p = sleep(0); p.then(() => { throw new Error('unheard') }); await p; await sleep(0); return 1",
    "returned 1",
  ],
  [
    "Map.prototype.get replaced before an ending",
    "const p = sleep(0); Map.prototype.get = () => undefined; await p",
    "threw TypeError",
  ],
  [
    "Map.prototype.get that settles twice",
    "const real = Map.prototype.get; const p = sleep(0); Map.prototype.get = function (k) { const w = real.call(this, k); w.resolve('twice'); return w }; return p",
    'returned "twice"',
  ],
  [
    "every primordial of the prelude replaced",
    "const { stringify } = JSON; JSON.parse = JSON.stringify = () => 'mine'; Map.prototype.set = Map.prototype.delete = () => 'mine'; Reflect.apply = Function.prototype.call = Function.prototype.apply = () => 'mine'; return stringify([1])",
    'returned "[1]"',
  ],
  [
    "a generator that calls the host in finally",
    "function* g() { try { yield 1 } finally { host('done') } } for (const x of g()) break; return 'after'",
    "unusable never-settled",
  ],
  [
    "an iterator that ends the run when it is closed",
    `${ANSWER}; const [x] = { [Symbol.iterator]: () => ({ next: () => ({ done: false }), return() { host('done') } }) }`,
    'returned "early"',
  ],
  ["code at the top that answers", `${ANSWER}; host('done'); export default () => 1`, 'returned "early"'],
  [
    "code after the end",
    `${ANSWER}; try { host('done') } finally { host('log', '{"level":"log","text":"after"}') }`,
    'returned "early"',
  ],
  [
    "the prelude's own functions, called again",
    "Error.prepareStackTrace = (_, f) => f.map((x) => x.getFunction()); const drive = new Error().stack.find((f) => f.name === 'drive'); await drive('null', () => 'again'); return 'first'",
    'returned "again"',
  ],
];
