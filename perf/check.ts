import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { build } from "../scripts/prepare.ts";
import { engineModule } from "../test/support/node-engine.ts";
import { commitNow, cpuModel } from "./machine.ts";
import { measureFuel } from "./measure/fuel.ts";
import { compileScenarios } from "./measure/program.ts";
import { startProgress } from "./progress.ts";
import { appendHistory, HISTORY, readHistory } from "./results/history-file.ts";
import { type HistoryLine, parseLine, readLine } from "./results/history.ts";
import { adviceOn, judgeFuel, judgeTimes } from "./results/verdict.ts";

const HELP = `npm run perf:check [-- OPTIONS]   compares with ${HISTORY}

  (nothing)     measures everything anew, as npm run perf does: warns of times and
                memory that are worse than the last of the same CPU, fails when fuel
                rose by more than 2 % in any scenario
  --json FILE   takes the figures of FILE, from npm run perf -- --json FILE
  --fuel-only   fuel alone: seconds, no noise, the same on every machine
  --accept      records fuel as it is now (with --json: all figures of FILE)
  --help        this text`;

const { values: options } = parseArgs({
  options: {
    json: { type: "string" },
    "fuel-only": { type: "boolean", default: false },
    accept: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}

const say = (lines: readonly string[]): void =>
  void process.stdout.write(lines.map((line) => `${line}\n`).join(""));

const fromFile = (file: string): HistoryLine => {
  const line = parseLine(readFileSync(file, "utf8"));
  if (line !== undefined) return line;
  say([`${file} holds no results: \`npm run perf -- --json ${file}\` writes them.`]);
  process.exit(1);
};

const fuelNow = async (): Promise<HistoryLine> => {
  build();
  const module = await engineModule();
  const exact = await measureFuel(module, await compileScenarios(module));
  const scenarios = Object.entries(exact).map(
    ([name, figures]) => [name, { ...figures, peers: {} }] as const,
  );
  return {
    commit: commitNow(),
    date: new Date().toISOString(),
    cpu: cpuModel(),
    scenarios: Object.fromEntries(scenarios),
    workerd: {},
  };
};

const allNow = async (): Promise<HistoryLine> => {
  build();
  // Loaded here: bundlers and workerd, which fuel alone does not need.
  const { measureAll } = await import("./measure-all.ts");
  const line = readLine(await measureAll(startProgress().told));
  if (line === undefined) throw new Error("The results cannot be read back: a bug of the harness.");
  return line;
};

const check = async (): Promise<boolean> => {
  const history = readHistory();
  const quick = options["fuel-only"] || (options.accept && options.json === undefined);
  const now = options.json !== undefined ? fromFile(options.json) : await (quick ? fuelNow() : allNow());
  const fuel = judgeFuel(now.scenarios, history);
  say(fuel.lines);
  if (options.accept) {
    if (quick && fuel.same) return true;
    appendHistory(now);
    say([`Recorded in ${HISTORY}; commit it with what changed.`]);
    return true;
  }
  say(adviceOn(fuel));
  if (!quick) say(judgeTimes(now, history).lines);
  return !fuel.failed;
};

process.exit((await check()) ? 0 : 1);
