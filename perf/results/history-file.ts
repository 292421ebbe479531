import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../../scripts/prepare.ts";
import { type HistoryLine, parseHistory } from "./history.ts";

/** In git, unlike all else in `.perf/`. */
const FILE = join(ROOT, ".perf", "history.jsonl");
export const HISTORY = ".perf/history.jsonl";

const readText = (): string => (existsSync(FILE) ? readFileSync(FILE, "utf8") : "");

export const readHistory = (): readonly HistoryLine[] => parseHistory(readText());

export const appendHistory = (line: HistoryLine): void => {
  mkdirSync(dirname(FILE), { recursive: true });
  const text = readText();
  // A torn last line stays a line of its own.
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  appendFileSync(FILE, `${gap}${JSON.stringify(line)}\n`);
};
