import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFaultPosition } from "../../../src/lib/json-position.ts";

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("the position of a fault in JSON", () => {
  it("is where V8 says, whenever V8 says", () => {
    const json = fc.json();
    const broken = fc
      .tuple(
        json,
        fc.nat(),
        fc.constantFrom("", "}", "]", ",", ":", '"', "x", "1", " ", "\n", "\\", "-", "{", "["),
      )
      .map(([text, at, put]) => {
        const where = at % (text.length + 1);
        return text.slice(0, where) + put + text.slice(where + 1);
      })
      .filter((text) => !parses(text));
    fc.assert(
      fc.property(broken, (text) => {
        const { line, column } = jsonFaultPosition(text);
        const lines = text.split("\n");
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
        // What stands before the fault could still become JSON: no prefix that V8 refuses for good is passed over.
        const offset = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
        let message = "";
        try {
          JSON.parse(text);
        } catch (error) {
          message = String(error);
        }
        const told = /at position (\d+)/.exec(message)?.[1];
        // Inside a string or a number V8 points at the character, we at where that value begins.
        if (told !== undefined) expect(offset).toBeLessThanOrEqual(Number(told));
        if (told !== undefined && !/string|number|escape|control|exponent|fractional/i.test(message)) {
          expect(offset).toBe(Number(told));
        }
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });

  it("counts lines and columns from 1", () => {
    expect(jsonFaultPosition("")).toEqual({ line: 1, column: 1 });
    expect(jsonFaultPosition('{\n  "a": 1,\n  b: 2\n}')).toEqual({ line: 3, column: 3 });
    expect(jsonFaultPosition("[1, 2")).toEqual({ line: 1, column: 6 });
    expect(jsonFaultPosition("{} {}")).toEqual({ line: 1, column: 4 });
  });
});
