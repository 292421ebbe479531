import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, build, runTool } from "../scripts/prepare.ts";
import { evaluateBundle } from "./evaluate-bundle.ts";
import { measureHitPath } from "./hit-path.ts";
import { measureScriptedRuns } from "./scripted-run.ts";

const HELP = `npm run perf [-- OPTIONS]   prints the figures that perf/budgets.json limits, each beside its budget

  --json FILE   writes them to FILE as well
  --help        this text`;

const { values: options } = parseArgs({
  options: { json: { type: "string" }, help: { type: "boolean", default: false } },
});
if (options.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}

const budgetOf = (name: string): number => {
  const budgets: unknown = JSON.parse(readFileSync(join(ROOT, "perf", "budgets.json"), "utf8"));
  const budget: unknown =
    typeof budgets === "object" && budgets !== null ? Reflect.get(budgets, name) : undefined;
  if (typeof budget !== "number") throw new Error(`perf/budgets.json names no ${name}.`);
  return budget;
};

build();
process.stdout.write("Bundling…\n");
if (
  runTool("wrangler", ["deploy", "--dry-run", "--outdir", join(ROOT, "build", "bundle")], {
    WRANGLER_LOG: "error",
  }) !== 0
) {
  process.exit(1);
}
process.stdout.write("Evaluating the bundle in fresh processes…\n");
const evaluations = evaluateBundle();
process.stdout.write("Hitting a static responder in workerd…\n");
const hits = await measureHitPath();
process.stdout.write("Running a script in Node…\n");
const scripted = await measureScriptedRuns();

const evaluation = {
  host: "node",
  p50Ms: evaluations[Math.floor(evaluations.length / 2)] ?? Number.NaN,
  maxMs: evaluations.at(-1) ?? Number.NaN,
};
const report = {
  cpu: cpus()[0]?.model ?? "unknown",
  evaluation,
  hitPath: { host: "workerd", scenarios: hits },
};
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);

const line = (name: string, figure: string, budget: string): string =>
  `${name.padEnd(52)}${figure.padStart(30)}   ${budget}\n`;
process.stdout.write(`\n${report.cpu}\n\n`);
process.stdout.write(
  line(
    "modules that a hit needs, evaluated (Node)",
    `p50 ${evaluation.p50Ms.toFixed(1)} ms, max ${evaluation.maxMs.toFixed(1)} ms`,
    `budget ${budgetOf("hitModuleEvaluationMs")} ms`,
  ),
);
for (const [name, { p50Us, p99Us, batches }] of Object.entries(hits)) {
  const budget = name.includes("binding")
    ? "(the binding is simulated locally)"
    : `budget ${budgetOf("staticHitMicros")} µs at p50`;
  process.stdout.write(
    line(
      `${name} (workerd, means of ${batches} batches)`,
      `p50 ${p50Us.toFixed(0)} µs, p99 ${p99Us.toFixed(0)} µs`,
      budget,
    ),
  );
}
process.stdout.write(
  line(
    "a small script, run (Node)",
    `p50 ${scripted.p50Us.toFixed(0)} µs, p99 ${scripted.p99Us.toFixed(0)} µs`,
    `the first, which makes the image: ${scripted.firstUs.toFixed(0)} µs`,
  ),
);
