import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "sucrase";
import { expect, it } from "vitest";
import { strip } from "../../../src/scripts/guest/strip.guest.ts";

const ROOT = join(import.meta.dirname, "../../..");
const FOLDERS = ["src", "test/unit", "scripts", "node_modules/zod/src/v3"];

/** Real TypeScript: this project's own, and a library's that uses the language to its limits. */
const corpus = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name)),
);

it("strips real TypeScript exactly as sucrase's own entry point does", () => {
  expect(corpus.length).toBeGreaterThan(100);
  const differing = corpus.filter((name) => {
    const source = readFileSync(join(ROOT, name), "utf8");
    const stripped = strip(source);
    const wanted = transform(source, { transforms: ["typescript"], disableESTransforms: true }).code;
    return stripped.kind === "refused" || stripped.code !== wanted;
  });
  // The only namespaces in the corpus are zod's: refused, where sucrase would drop their code.
  expect(differing.filter((name) => !/\bnamespace\b/.test(readFileSync(join(ROOT, name), "utf8")))).toEqual(
    [],
  );
});
