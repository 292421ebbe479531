import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { withoutTemplates } from "../../../scripts/guest/without-templates.ts";

const run = (code: string): unknown => runInNewContext(withoutTemplates(`(${code})`), { a: 1, b: "two" });

describe("a bundle without templates", () => {
  it.each([
    ["`plain`", "plain"],
    ["``", ""],
    ["`${a}`", "1"],
    ["`x${a}y${b}z`", "x1ytwoz"],
    ["`${a}${b}` + a", "1two1"],
    ["`${`in ${a ? `deep ${b}` : ``}`} out`", "in deep two out"],
    ['`line\\n"quoted" \\u00e4 \\` \\${`', 'line\n"quoted" ä ` ${'],
    ["`sum ${a + 1 , b}`", "sum two"],
    ["`a`.length", 1],
    ["typeof `${a}`", "string"],
    ["[`${a}`, ...`xy`].length", 3],
    ["`raw\nnewline${a}`", "raw\nnewline1"],
  ])("means the same: %s", (code, value) => {
    expect(run(code)).toBe(value);
    expect(withoutTemplates(`(${code})`)).not.toMatch(/`(?![^"]*")/);
  });

  it("is refused with a tag", () => {
    expect(() => withoutTemplates("String.raw`a`")).toThrow("tagged");
  });
});
