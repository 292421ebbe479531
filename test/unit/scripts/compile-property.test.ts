import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, it } from "vitest";
import { compileSource } from "../../../src/scripts/guest/compile-source.guest.ts";
import { strip } from "../../../src/scripts/guest/strip.guest.ts";
import { lineStarts, placesIn } from "../../../src/scripts/guest/source-offsets.guest.ts";
import { writeMap } from "../../../src/scripts/guest/write-map.guest.ts";
import { mapPosition } from "../../../src/scripts/positions.ts";
import { readCompiled } from "../../../src/scripts/read-compiled.ts";

const PIECES = [
  ...Array.from("(){}[]<>;:,.=!?@#`'\"/\\*+-&|^~ \n\r\u2028é€😀\0\uFEFF"),
  ..."export |default |import |from |const |let |async |await |function |class |=>|<T>(|(a=(|${|enum |namespace |declare ".split(
    "|",
  ),
  ..."type |interface |abstract |: string|as any|!|a|b|1|'x'|/x/g|// c\n|/* c */|<!--|-->|ctx.secrets.|=== |fetch(".split(
    "|",
  ),
];
const soup = oneof(
  string({ unit: "binary", maxLength: 60 }),
  array(constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join("")),
);

it("answers any text without a throw, with every fault inside of it, in a shape that its reader takes", () => {
  assert(
    property(soup, constantFrom("js" as const, "ts" as const), (source, language) => {
      const answer = compileSource({ source, language });
      expect(readCompiled(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
      if (answer.kind === "compiled") return;
      const lines = source.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
      for (const { line, column } of answer.errors) {
        if (line === null || column === null) throw new Error("a fault without a place");
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThan(0);
        // One behind the last, and one more in the middle of CR LF.
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 2);
      }
    }),
    { numRuns: 3_000 },
  );
});

const STATEMENTS = [
  "const a: string = 'é';",
  "type T = `x\n${string}`;",
  "let b = <any>a as number;",
  "interface I { a: string }",
  "f<number>(a!, '€€');",
  "/* 😀 */ g(b);",
  "enum E { x, y }",
  "class C { private x: number = 1 }",
  "if (a as any) h<T>(b!);",
  "\n",
  "\r\n",
  "  ",
];

it("maps each kept token of stripped code from the engine's columns to the user's", () => {
  assert(
    property(array(constantFrom(...STATEMENTS), { maxLength: 12 }), (statements) => {
      const source = statements.join(" ");
      const stripped = strip(source);
      if (stripped.kind === "refused") throw new Error(stripped.fault.message);
      const { code, anchors } = stripped;
      const map = writeMap(code, source, anchors);
      const starts = lineStarts(code);
      const placeOf = placesIn(source, anchors);
      for (const [index, at] of anchors.code.entries()) {
        // Of tokens at one offset the last stands there; the others were taken away.
        if (anchors.code[index + 1] === at || /[\s]/.test(code.charAt(at))) continue;
        const line = starts.findLastIndex((start) => start <= at);
        const bytes = new TextEncoder().encode(code.slice(starts[line], at)).length;
        expect(mapPosition(map, line + 1, bytes + 1)).toEqual(placeOf(at));
      }
    }),
  );
});

it("maps them as well when statements were added between them, and each added one to the statement behind it", () => {
  assert(
    property(array(constantFrom(...STATEMENTS), { maxLength: 12 }), (statements) => {
      const inside = statements.map((statement) => `{ ${statement} }`).join(" ");
      const source = `(async (): Promise<void> => { ${inside} })()`;
      const stripped = strip(source);
      const answer = compileSource({ source, language: "ts" });
      if (stripped.kind === "refused" || answer.kind === "refused") throw new Error(source);
      const { code, map } = answer.unit;
      const placeOf = placesIn(source, stripped.anchors);
      const tokens = new Set(stripped.anchors.code);
      const starts = lineStarts(code);
      let at = 0;
      for (let kept = 0; kept < stripped.code.length; kept += 1) {
        const added = code.startsWith("0;", at) && !stripped.code.startsWith("0;", kept);
        const offsets = added ? [at, at + 2] : [at];
        at += offsets.length === 2 ? 3 : 1;
        if (!tokens.has(kept) || /\s/.test(stripped.code.charAt(kept))) continue;
        for (const offset of offsets) {
          const line = starts.findLastIndex((start) => start <= offset);
          const bytes = new TextEncoder().encode(code.slice(starts[line], offset)).length;
          expect(mapPosition(map, line + 1, bytes + 1)).toEqual(placeOf(kept));
        }
      }
      expect(at).toBe(code.length);
    }),
  );
});
