import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differenceOf } from "../../../../src/scripts/library/difference.ts";

const between = (from: string, to: string) =>
  differenceOf({ name: "scripts/a@1", text: from }, { name: "scripts/a@2", text: to });

describe("the difference of two sources", () => {
  it("is nothing between the same", async () => {
    expect(await between("a\n", "a\n")).toEqual({ patch: "", added: 0, removed: 0 });
  });

  it("shows changed lines with three around them", async () => {
    const lines = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const { patch } = await between(`${lines.join("\n")}\n`, `${lines.with(4, "five").join("\n")}\n`);
    expect(patch.split("\n").slice(2)).toEqual([
      "@@ -2,7 +2,7 @@",
      " 2",
      " 3",
      " 4",
      "-5",
      "+five",
      " 6",
      " 7",
      " 8",
      "",
    ]);
  });

  it("tells a last line without its end", async () => {
    const { patch, added, removed } = await between("a", "a\n");
    expect(patch).toContain("\\ No newline at end of file");
    expect([added, removed]).toEqual([1, 1]);
  });

  it("makes the one of the other, whatever they are", async () => {
    const text = fc
      .array(fc.constantFrom("", "a", "b", "-a", "+b", "\\", "@@ -1 +1 @@"))
      .map((lines) => lines.join("\n"));
    await fc.assert(
      fc.asyncProperty(text, text, async (from, to) => {
        const { patch } = await between(from, to);
        expect(patch === "" ? from : applyPatch(from, patch)).toBe(to);
      }),
    );
  });

  it("replaces the whole where thousands of lines differ, instead of looking for the shortest way", async () => {
    const lines = (word: string): string =>
      Array.from({ length: 20_000 }, (_, place) => `${word} ${place}`).join("\n");
    for (const end of ["", "\n"]) {
      const [from, to] = [`${lines("old")}${end}`, `${lines("new")}\n`];
      const { patch, added, removed } = await between(from, to);
      expect([added, removed]).toEqual([20_000, 20_000]);
      expect(applyPatch(from, patch)).toBe(to);
    }
    const { patch, added, removed } = await between("", lines("new"));
    expect([added, removed]).toEqual([20_000, 0]);
    expect(applyPatch("", patch)).toBe(lines("new"));
  });
});
