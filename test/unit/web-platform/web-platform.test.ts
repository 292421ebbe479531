import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TIER_LIMITS } from "../../../src/accounts/index.ts";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptRunner } from "../../support/run-script.ts";
import { KNOWN_FAILURES } from "./known-failures.ts";

interface Result {
  readonly name: string;
  readonly error: string | null;
}

const FOLDER = join(import.meta.dirname, "cases");
const read = (...path: readonly string[]): string => readFileSync(join(import.meta.dirname, ...path), "utf8");

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));

const isResults = (value: unknown): value is readonly Result[] => Array.isArray(value);

/** All cases of a file in one run. */
const resultsOf = async (area: string): Promise<readonly Result[]> => {
  const code = `${read("harness.js")}\n${read("cases", `${area}.js`)}`;
  const { answer, outcome } = await run("module", code, { limits: { ...TIER_LIMITS.ultimate } }).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
    throw new Error(`${area}: ${JSON.stringify(outcome)}`);
  const results: unknown = JSON.parse(new TextDecoder().decode(answer.body));
  if (!isResults(results)) throw new Error(`${area}: no results`);
  return results;
};

const areas = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".js"))
  .map((name) => name.slice(0, -3))
  .toSorted();
const results = new Map<string, readonly Result[]>();
for (const area of areas) results.set(area, await resultsOf(area));

const passed = (some: readonly Result[]): number => some.filter(({ error }) => error === null).length;
const all = [...results.values()].flat();

describe(`the Web's APIs: ${passed(all)} of ${all.length} pass`, () => {
  for (const [area, some] of results) {
    const known = KNOWN_FAILURES[area] ?? {};

    describe(`${area}: ${passed(some)} of ${some.length}`, () => {
      it.each(some)("$name", ({ name, error }) => {
        const reason = known[name];
        if (reason === undefined) expect(error).toBeNull();
        else expect(error, `passes, although it is listed: ${reason}`).not.toBeNull();
      });

      it("names each case once, and lists no failure of a case that is not there", () => {
        const names = some.map(({ name }) => name);
        expect(names).toEqual([...new Set(names)]);
        expect(names).toEqual(expect.arrayContaining(Object.keys(known)));
      });
    });
  }

  it("are told as they are in docs/web-apis.md", () => {
    const row = (name: string, some: readonly Result[]): string =>
      `| ${name} | ${passed(some)} of ${some.length} |`;
    const rows = [...[...results].map(([area, some]) => row(area, some)), row("all", all)];
    const page = read("../../../docs/web-apis.md").split("\n");
    expect(page.filter((line) => / of \d+ \|$/.test(line))).toEqual(rows);
  });

  it("lists failures of these files only", () => {
    expect(areas).toEqual(expect.arrayContaining(Object.keys(KNOWN_FAILURES)));
  });
});
