import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { checkOrder, cutBundle } from "../../../scripts/guest/cut-bundle.ts";

const BUNDLE = `var helper = (x) => x;
// src/one.ts
var { a, b: renamed } = { a: 1, b: 2 };
var made;
class Kept { static { made = () => a + renamed; } }
// src/two.ts
var unused = 7;
function two(a) { return helper(made() + a); }
// src/three.ts
var start2 = () => two(10) + new Kept().constructor.name.length;
export { start2 as start };
`;

const evaluate = (scripts: readonly string[]): { readonly start: () => unknown; readonly left: unknown } => {
  const scope = {};
  let value: unknown;
  for (const script of scripts) value = runInNewContext(`"use strict";${script}`, scope);
  const start: unknown = Reflect.get(Object(value), "start");
  return {
    start: () => (typeof start === "function" ? Reflect.apply(start, undefined, []) : undefined),
    left: Reflect.get(scope, "__guest"),
  };
};

describe("a bundle that is cut", () => {
  it.each([1, 60, 1_000])("does the same in pieces of %i bytes, and leaves nothing behind", (bytes) => {
    const scripts = cutBundle(BUNDLE, bytes);
    const { start, left } = evaluate(scripts);
    expect(start()).toBe(17);
    expect(left).toBeUndefined();
  });

  it("has a piece for each file at the smallest, and hands on only what is used", () => {
    const scripts = cutBundle(BUNDLE, 1);
    expect(scripts).toHaveLength(4);
    expect(scripts.join("\n")).not.toMatch(/__guest, [^}]*unused/);
  });

  it("refuses a variable that another file would see change", () => {
    const bundle =
      "// a.ts\nvar count = 0;\nvar add = () => { count = 1; };\n// b.ts\nvar seen = count;\nexport { seen };\n";
    expect(() => cutBundle(bundle, 1)).toThrow("a.ts: count changes");
    expect(cutBundle(bundle, 1_000)).toHaveLength(1);
  });

  it("refuses files that import each other", () => {
    const imports = (from: string, to: string) => ({ [from]: { imports: [{ path: to }] } });
    expect(() => checkOrder(BUNDLE, imports("src/one.ts", "src/two.ts"))).toThrow("import each other");
    expect(() => checkOrder(BUNDLE, imports("src/two.ts", "src/one.ts"))).not.toThrow();
    expect(() => checkOrder(BUNDLE, imports("src/two.ts", "script"))).not.toThrow();
  });
});
