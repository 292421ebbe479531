import { describe, expect, it } from "vitest";
import { compileError, guestError, readToldError } from "../../../src/runtime/guest-error.ts";

const told = (stack: string) => ({ name: "Error", message: "m", stack });

describe("an error that a guest tells of", () => {
  it("shows the program's frames only, in one form", () => {
    const stack = [
      "    at f (script:3:7)",
      "    at forEach (native)",
      "    at drive (module:10:2)",
      "    at script:5:1",
      "    at <anonymous> (script:9:4)",
      "not a frame (script:1:1)",
    ].join("\n");
    expect(guestError(told(stack), false)).toEqual({
      name: "Error",
      message: "m",
      stack: "at f (script:3:7)\nat <anonymous> (script:5:1)\nat <anonymous> (script:9:4)",
      line: 3,
      column: 7,
    });
  });

  it("takes the prefix of an expression off the columns of its first line only", () => {
    const { stack, column } = guestError(
      told("at f (script:1:20)\nat g (script:2:20)\nat h (script:1:2)"),
      true,
    );
    expect(stack).toBe("at f (script:1:8)\nat g (script:2:20)\nat h (script:1:1)");
    expect(column).toBe(8);
  });

  it("has no place without a frame, and none that a forged stack makes too large", () => {
    expect(guestError(told(""), false)).toMatchObject({ stack: "", line: null, column: null });
    expect(guestError(told("at f (script:99999999999:1)"), false)).toMatchObject({ line: null });
    expect(guestError(told(`at ${"f (".repeat(1_000)}script:1:1)`), false)).toMatchObject({ stack: "" });
  });

  it("is read from whatever JSON came", () => {
    const empty = { name: "", message: "", stack: "" };
    for (const value of [undefined, null, 1, "x", [], { name: 1, message: {}, stack: [] }]) {
      expect(readToldError(value)).toEqual(empty);
    }
    expect(guestError(empty, false)).toMatchObject({ name: "Error", message: "" });
  });

  it("keeps a parser's line and not its column", () => {
    expect(compileError(told("    at script:4:1\n"), true)).toMatchObject({
      line: 4,
      column: null,
      stack: "",
    });
  });
});
