import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSource } from "../../../src/scripts/guest/compile-source.guest.ts";
import { mapPosition } from "../../../src/scripts/positions.ts";

const programOf = (source: string, language: "js" | "ts" = "js") => {
  const answer = compileSource({ source, language });
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.errors));
  return answer.unit;
};
const bodyOf = (body: string) =>
  programOf(`export default async () => {${body}}`).code.slice("export default async () => {".length, -1);

describe("the statement that the compiler adds", () => {
  it.each([
    ["'use strict'; let a = b", "'use strict'; 0;let a = b"],
    ["let a; var b, c; return", "let a; var b, c; return"],
    ["const a = 1, f = () => 1, g = function () {}", "const a = 1, f = () => 1, g = function () {}"],
    ["a: b: while (c) continue a", "0;a: b: while (c) continue a"],
    ["a: { break a }", "a: { break a }"],
    ["if (a) return b; else return c", "0;if (a) return b; else return c"],
    ["if (a) { return b } else if (c) { return d }", "0;if (a) { 0;return b } else if (c) { 0;return d }"],
    ["for (let a = 1; ; ) for (const b of c) ;", "0;for (let a = 1; ; ) for (const b of c) ;"],
    ["do f()\nwhile (a) return b", "do f()\nwhile (a) 0;return b"],
    ["a = b\nreturn c", "a = b\n0;return c"],
    [
      "switch (a) { case b: let c = d; default: return e }",
      "0;switch (a) { case b: 0;let c = d; default: 0;return e }",
    ],
    [
      "f(class { static { let a = b } a = b; c() { return d } })",
      "f(class { static { 0;let a = b } a = b; c() { 0;return d } })",
    ],
    ["f({ return: a, if: b, let: c })", "f({ return: a, if: b, let: c })"],
    ["f((a) => a.b)", "f((a) => a.b)"],
    ["f(`${() => { return a }}`)", "f(`${() => { 0;return a }}`)"],
    [
      "try { return a } catch (b) { return c } finally { if (d) ; }",
      "try { 0;return a } catch (b) { 0;return c } finally { 0;if (d) ; }",
    ],
    ["throw a.b; a.b; ; debugger", "throw a.b; a.b; ; debugger"],
  ])("stands in lists of statements only: %s", (given, wanted) => {
    expect(bodyOf(given)).toBe(wanted);
  });

  it("stands before `export`, and behind a first line for a shell", () => {
    expect(programOf("#!/bin/x\nexport const a = b(), onRequest = () => a\nexport class C {}").code).toBe(
      "#!/bin/x\n0;export const a = b(), onRequest = () => a\n0;export class C {}",
    );
    expect(programOf("const f = g();\nexport default f").code).toBe("0;const f = g();\n0;export default f");
  });
});

/** Pieces that go together in any order; `log` sees what runs. */
const PIECES = [
  "log('a')\n",
  "let {x} = {x: log(1)}\n++x\n",
  "var v = log('v')\n;[1].forEach(log)\n",
  "if (log(0)) log('no'); else log('else')\n",
  "if (log(1)) if (log(0)) log('no'); else log('dangling')\n",
  "do log('do')\nwhile (log(0)) const w = log('w')\n",
  "do { log('d') } while (log(0)) if (log(1)) log('i');\n",
  "outer: for (const i of [1, 2, 3]) { for (;;) { if (i === 2) break outer; continue outer } }\n",
  "l: { if (log(1)) break l; log('no') }\n",
  "switch (log(2)) { case 1: log('no')\ncase 2: let y = log('y')\ncase 3: const z = y; log(z); break\ndefault: return log('no') }\n",
  "for (var i = 0, n = log(2); i < n; i++) if (i) continue; else log(i)\n",
  "for (const k in {a: 1, b: 2}) log(k)\n",
  "class C { static s = log('s'); static { const t = log('t'); if (t) log(this.s) } m() { return log('m') } }\nnew C().m()\n",
  "const g = function* () { const r = yield 1\nif (r) return yield* [2, r] }; { const it = g(); log(it.next().value); log(it.next('r').value); log(it.next().value) }\n",
  "const as = async () => { for await (const a of [log(1)]) { const b = await a\nreturn log(b) } }\nlog(await as())\n",
  "function strict() { 'use strict'; var t = this; return log(t === undefined) } strict()\n",
  "function sloppy() { log('x'); 'use strict'\nconst t = this\nreturn log(typeof t) } sloppy()\n",
  "try { const q = null; const r = q.p; log('no') } catch ({ name }) { const s = name\nlog(s) } finally { if (log(1)) log('f') }\n",
  "log(hoisted()); function hoisted() { return typeof later }\nvar later = log(1)\n",
  "log((() => { try { return log('r') } finally { const z = log('z') } })())\n",
  "var async; async\nvar yy = log('asi')\n",
  "log(`${(() => { const a = log('in'); return a })()}`)\n",
  "/* c */ const c1 = log('c') // let\n",
  ";;\n",
  "var o = { if: 1, return: 2, get let() { return log('get') } }; log(o.let)\n",
];

const evaluate = async (code: string): Promise<readonly unknown[]> => {
  const seen: unknown[] = [];
  const log = (value: unknown) => {
    seen.push(value);
    return value;
  };
  // oxlint-disable-next-line no-eval -- the test's own pieces, before and after
  const main: unknown = (0, eval)(code);
  if (typeof main !== "function") throw new Error("no function");
  const result: unknown = await main(log);
  return [...seen, ["result", result]];
};

it("changes nothing of what a script does", async () => {
  const all = PIECES.map((piece) => `{ ${piece}\n}`).join("\n");
  for (const inside of [...PIECES, ...PIECES.map((piece) => `'use strict'\n${piece}`), all]) {
    const given = `(async (log) => {\n${inside}\n})`;
    const { code } = programOf(given);
    expect(code.split("\n")).toHaveLength(given.split("\n").length);
    const wanted = await evaluate(given);
    expect(wanted.length).toBeGreaterThan(0);
    expect(await evaluate(code)).toEqual(wanted);
  }
});

it("moves no place of the user's: every kept character maps back to its own line and column", () => {
  const pieces = [...PIECES, "log('é€😀'); let u = log(1); return u\n", "log(1);\r\nlet crlf = log(2)\r\n"];
  assert(
    property(array(constantFrom(...pieces), { maxLength: 8 }), (chosen) => {
      const inside = chosen.map((piece) => `{ ${piece} }`).join(" ");
      const source = `(async () => { const a = log(1); ${inside} })()`;
      const { code, map } = programOf(source);
      const sourceLines = source.split(/\r\n|\n/);
      for (const [line, text] of code.split(/\r\n|\n/).entries()) {
        let column = 0;
        let bytes = 0;
        const given = sourceLines[line] ?? "";
        for (let at = 0; at < text.length;) {
          // Inside of text that is not ASCII no place is told apart.
          if (/[\0-\x7f]/.test(text.charAt(at))) {
            expect(mapPosition(map, line + 1, bytes + 1)).toEqual({ line: line + 1, column: column + 1 });
          }
          if (text.startsWith("0;", at) && !given.startsWith("0;", column)) {
            at += 2;
            bytes += 2;
            continue;
          }
          const unit = String.fromCodePoint(text.codePointAt(at) ?? 0);
          at += unit.length;
          column += unit.length;
          bytes += new TextEncoder().encode(unit).length;
        }
        expect(column).toBe(given.length);
      }
    }),
  );
});
