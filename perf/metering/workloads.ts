/** Work of different kinds, 10 to 100 ms of it each: what fuel is calibrated by, and what metering is measured by. */
const RUN: Readonly<Record<string, string>> = {
  "empty loop": "for (let i = 0; i < 3e6; i++);",
  "property access": "const o = { a: 1, b: 2 }; let s = 0; for (let i = 0; i < 1e6; i++) s += o.a + o.b;",
  "calls and closures":
    "const f = (x) => (y) => x + y; let s = 0; for (let i = 0; i < 4e5; i++) s = f(i)(s) | 0;",
  "string building":
    "let s = ''; for (let i = 0; i < 3e5; i++) { s += 'ab' + i; if (s.length > 1e5) s = ''; }",
  "string search": "const s = 'ab'.repeat(5e4); for (let i = 0; i < 150; i++) s.indexOf('ba' + i);",
  "split, sort, join":
    "for (let i = 0; i < 120; i++) 'the quick brown fox '.repeat(500).split(' ').sort().join('-');",
  "JSON to and fro":
    "const v = Array.from({ length: 2000 }, (_, i) => ({ i, s: 'item ' + i })); for (let i = 0; i < 15; i++) JSON.parse(JSON.stringify(v));",
  "objects and garbage":
    "let a = []; for (let i = 0; i < 2e5; i++) { a.push({ i, n: [i] }); if (a.length > 1000) a = []; }",
  "maps and sets": "const m = new Map(); for (let i = 0; i < 3e5; i++) m.set('k' + (i % 5000), i);",
  "array methods":
    "for (let i = 0; i < 150; i++) Array.from({ length: 2000 }, (_, k) => k).map((x) => x * 2).filter((x) => x % 3).reduce((a, b) => a + b);",
  "typed arrays":
    "const a = new Uint8Array(1e5); for (let r = 0; r < 7; r++) for (let i = 0; i < a.length; i++) a[i] = (a[i] + i) & 255;",
  "bulk memory, small":
    "const a = new Uint8Array(2e6); for (let i = 0; i < 2000; i++) { a.fill(i); a.copyWithin(1, 0, 1e6); }",
  "bulk memory, large":
    "const a = new Uint8Array(24e6); for (let i = 0; i < 60; i++) { a.fill(i); a.copyWithin(12e6, 0, 12e6); }",
  "regular expressions":
    "for (let i = 0; i < 800; i++) ('key=value; other=thing; '.repeat(20) + i).replace(/(\\w+)=(\\w+)/g, '$2=$1');",
  backtracking: "/(a+)+b/.test('a'.repeat(19));",
  bigints: "let n = 3n; for (let i = 0; i < 16; i++) n *= n; for (let i = 0; i < 100; i++) n % (n >> 3000n);",
  "numbers as text": "for (let i = 0; i < 1e5; i++) parseFloat(String(i / 7));",
  "native search": "new Array(3e6).indexOf(3);",
  "promises and jobs": "const f = async () => { for (let i = 0; i < 1e5; i++) await i; }; await f();",
};

const COMPILED = Array.from(
  { length: 3_000 },
  (_, i) =>
    `function f${i}(a, b) { const o = { a, b: [b, ${i}], c: "text" }; if (o.a > ${i}) return o.b.map((x) => x * 2 + o.a); return o.c; }`,
).join(" ");

/** Bodies of async functions, by what they do. The last is compiled and not run: what a user's own source costs. */
export const WORKLOADS: readonly (readonly [name: string, body: string])[] = [
  ...Object.entries(RUN),
  ["compiling", `return; ${COMPILED}`],
];
