import { array, assert, asyncProperty, nat } from "fast-check";
import { expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptLinker, type Sources } from "../../support/link-scripts.ts";
import { randomModules } from "../../support/random-modules.ts";
import { programRunner } from "../../support/run-script.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const link = scriptLinker(runtime);
const run = programRunner(runtime);

const toUrl = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

let runs = 0;
/** As Node links and evaluates the modules themselves. */
const byNode = async (main: string, sources: Sources): Promise<unknown> => {
  const urls = new Map<string, string>();
  runs += 1;
  const withUrls = (source: string): string =>
    `/*${runs}*/${source.replaceAll(/"scripts\/(m\d+)"/g, (_, name: string) => JSON.stringify(urls.get(name)))}`;
  for (const [name, source] of Object.entries(sources)) urls.set(name, toUrl(withUrls(source)));
  Reflect.set(globalThis, "seen", undefined);
  const module: unknown = await import(/* @vite-ignore */ toUrl(withUrls(main)));
  const handler: unknown = Reflect.get(Object(module), "default");
  if (typeof handler !== "function") throw new Error("no handler");
  return JSON.parse(JSON.stringify(Reflect.get(Object(handler()), "body")));
};

const byUs = async (main: string, sources: Sources): Promise<unknown> => {
  const linked = await link(main, sources);
  if (linked.kind === "refused") throw new Error(JSON.stringify(linked.errors));
  const { answer, outcome } = await run(linked.program).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array)) {
    throw new Error(
      `${JSON.stringify("error" in outcome ? outcome.error : outcome)}\n${linked.program.code}`,
    );
  }
  return JSON.parse(new TextDecoder().decode(answer.body));
};

it("does what the modules do by themselves", { timeout: 60_000 }, async () => {
  await assert(
    asyncProperty(array(nat(1_000), { minLength: 20, maxLength: 200 }), async (row) => {
      const { main, sources } = randomModules(row);
      expect(await byUs(main, sources)).toEqual(await byNode(main, sources));
    }),
    { numRuns: 200, endOnFailure: true },
  );
});
