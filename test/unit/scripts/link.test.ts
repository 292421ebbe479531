import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptLinker, type Sources } from "../../support/link-scripts.ts";
import { programRunner } from "../../support/run-script.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const link = scriptLinker(runtime);
const run = programRunner(runtime);

const linked = async (main: string, sources: Sources) => {
  const answer = await link(main, sources);
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.errors));
  return answer;
};
/** What a handler answers as its body. */
const bodyOf = async (main: string, sources: Sources): Promise<unknown> => {
  const { program } = await linked(main, sources);
  const { answer, outcome } = await run(program).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array)) {
    throw new Error(`${JSON.stringify("error" in outcome ? outcome.error : outcome)}\n${program.code}`);
  }
  return JSON.parse(new TextDecoder().decode(answer.body));
};

describe("a program of several scripts", () => {
  it.each<[string, string, Sources, unknown]>([
    [
      "names, default and all",
      'import first, { two as second, default as again } from "scripts/a"; import * as all from "scripts/a";\nexport default () => ({ body: [first(), second, again === first, Object.keys(all), all.two] });',
      { a: "export default function () { return 1 }\nexport const two = 2;" },
      [1, 2, true, ["default", "two"], 2],
    ],
  ])("has %s", async (_what, main, sources, body) => {
    expect(await bodyOf(main, sources)).toEqual(body);
  });
});
