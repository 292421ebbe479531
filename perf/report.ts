import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../scripts/prepare.ts";
import { reportPage } from "./report/page.ts";
import { HISTORY, readHistory } from "./results/history-file.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const HELP = `npm run perf:report   draws ${HISTORY}: one page, a chart per scenario and metric, peers as bars

  --help   this text`;

const { values: options } = parseArgs({ options: { help: { type: "boolean", default: false } } });
if (options.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}

const history = readHistory();
const about = new Map(SCENARIOS.map((scenario) => [scenario.name, scenario.about]));
const file = join(ROOT, ".perf", "report.html");
mkdirSync(join(ROOT, ".perf"), { recursive: true });
writeFileSync(file, reportPage({ history, about }));
process.stdout.write(`${history.length} lines of history, drawn in ${file}\n`);
if (history.length === 0) process.stdout.write("Nothing is recorded yet: `npm run perf` does it.\n");
