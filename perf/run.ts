import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, build } from "../scripts/prepare.ts";
import { measureAll } from "./measure-all.ts";
import { startProgress } from "./progress.ts";
import { appendHistory, HISTORY, readHistory } from "./results/history-file.ts";
import { readLine } from "./results/history.ts";
import { showResults } from "./results/show.ts";
import { reasonsToRecord } from "./results/worth-recording.ts";

const HELP = `npm run perf [-- OPTIONS]   measures the sandbox, its peers, and what perf/budgets.json limits

  --json FILE   writes all figures to FILE as well
  --no-record   leaves ${HISTORY} alone; else a line is appended when fuel
                changed, or the ratio to a peer moved by more than 5 %
  --help        this text

Takes some four minutes. The machine should do nothing else meanwhile.
Next: npm run perf:report (charts), npm run perf:check (against the last line).`;

const { values: options } = parseArgs({
  options: {
    json: { type: "string" },
    "no-record": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
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
const progress = startProgress();
const results = await measureAll(progress.told);
process.stdout.write(showResults(results, budgetOf));
if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`All figures: ${options.json}\n`);
}
const line = readLine(results);
if (line === undefined) throw new Error("The results cannot be read back: a bug of the harness.");
const reasons = options["no-record"] ? [] : reasonsToRecord(line, readHistory());
if (reasons.length > 0) {
  appendHistory(line);
  process.stdout.write(`Appended to ${HISTORY}, to be committed: ${reasons.join("; ")}.\n`);
}
process.stdout.write(`${progress.seconds()} s in all.\n`);
process.exit(0);
