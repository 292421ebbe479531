import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PROBLEMS } from "../../src/api/problems.ts";
import { sourceFiles } from "../support/imports.ts";

const page = readFileSync("docs/problems.md", "utf8");
const [ofApi = "", ofHooks = ""] = page.split("## Of hooks");
const rowsOf = (part: string): readonly string[] =>
  [...part.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => `${code} ${status}`);

/** The codes that stand in the source outside the API: `code: "x"`, and the first argument of `failed`. */
const codesOfHooks = (): readonly string[] =>
  sourceFiles("src")
    .filter((file) => /^src\/(edge\/|responders\/(failure|proxy\/trouble)|index|console)/.test(file))
    .map((file) => readFileSync(file, "utf8"))
    .flatMap((source) =>
      Array.from(source.matchAll(/(?:code: |failed\()"([a-z-]+)"/g), ([, code]) => code ?? ""),
    );

describe("docs/problems.md", () => {
  it("lists the API's problems, each with its status, and no others", () => {
    const known = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`);
    expect(rowsOf(ofApi).toSorted()).toEqual(known.toSorted());
  });

  it("lists every problem that senders are told", () => {
    const listed = new Set(rowsOf(ofHooks).map((row) => row.split(" ")[0]));
    expect(codesOfHooks().length).toBeGreaterThan(10);
    expect(new Set(codesOfHooks())).toEqual(listed);
  });
});
