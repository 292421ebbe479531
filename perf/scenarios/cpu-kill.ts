import { plainHit } from "./hits.ts";
import { scenario } from "./scenario.ts";

/** What the smallest plan has. */
const BUDGET_MS = 250;

export const cpuKill = scenario({
  name: "cpu_kill",
  about: `an endless loop, ended after ${BUDGET_MS} ms of CPU`,
  source: "export default () => {\n  for (;;);\n};\n",
  hit: plainHit,
  isRight: ({ ending }) => ending === "exceeded cpu",
  limits: { cpuMs: BUDGET_MS },
});
