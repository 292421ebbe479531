import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interpolate, namesInTemplate } from "../../../src/secrets/index.ts";

const values: Readonly<Record<string, string>> = {
  A: "first",
  "b-2_c": "second",
  SLOT: "${secrets.A}",
  HALF: "${secrets.",
  DOLLAR: "$& $1 $$ $` $'",
};

describe("a template of secrets", () => {
  it.each([
    ["", "", [], []],
    ["plain", "plain", [], []],
    ["a ${secrets.A} b", "a first b", ["A"], []],
    ["${secrets.A}${secrets.b-2_c}${secrets.A}", "firstsecondfirst", ["A", "b-2_c"], []],
    ["${secrets.NONE} ${secrets.A}", "${secrets.NONE} first", ["A"], ["NONE"]],
    ["${secrets.SLOT}", "${secrets.A}", ["SLOT"], []],
    ["${secrets.HALF}A}", "${secrets.A}", ["HALF"], []],
    ["${secrets.${secrets.A}}", "${secrets.first}", ["A"], []],
    ["${secrets.DOLLAR}", "$& $1 $$ $` $'", ["DOLLAR"], []],
    ["${ secrets.A } ${secrets.A", "${ secrets.A } ${secrets.A", [], []],
    ["$${secrets.A}} \\${secrets.A}", "$first} \\first", ["A"], []],
    [
      "${secrets.1A} ${secrets.} ${secrets.A.b} ${Secrets.A}",
      "${secrets.1A} ${secrets.} ${secrets.A.b} ${Secrets.A}",
      [],
      [],
    ],
    [
      "${secrets.__proto__} ${secrets.constructor}",
      "${secrets.__proto__} ${secrets.constructor}",
      [],
      ["constructor"],
    ],
  ])("%j is %j", (template, text, filled, unknown) => {
    expect(namesInTemplate(template).toSorted()).toEqual([...filled, ...unknown].toSorted());
    const own = interpolate(template, (name) => (Object.hasOwn(values, name) ? values[name] : undefined));
    expect(own).toEqual({ text, filled });
  });

  it("is read once, whatever its values hold", () => {
    const any = fc.string({ unit: fc.constantFrom("${secrets.A}", "${", "secrets.", "A", "}", "$", "$&") });
    fc.assert(
      fc.property(any, any, (template, value) => {
        const expected = template.split("${secrets.A}").join(value);
        expect(interpolate(template, (name) => (name === "A" ? value : undefined)).text).toBe(expected);
      }),
    );
  });
});
