import { type Change, changeOf, compareFuel, compareTimes, lastOf } from "./compare.ts";
import type { HistoryLine } from "./history.ts";
import { HISTORY } from "./history-file.ts";

/** What `npm run perf:check` says, and whether it fails. */
export interface Verdict {
  readonly lines: readonly string[];
  readonly failed: boolean;
  /** Nothing differs from what is recorded. */
  readonly same: boolean;
}

const ACCEPT = "npm run perf:check -- --accept";

const percent = (change: Change): string => {
  const share = changeOf(change) * 100;
  const size = Math.abs(share) < 0.1 ? "less than 0.1" : Math.abs(share).toFixed(1);
  return `${share >= 0 ? "+" : "−"}${size} %`;
};

const show = (change: Change): string => {
  const [before, after] = [change.before, change.after].map((figure) => figure.toLocaleString("en"));
  return `  ${change.scenario}: ${change.what} ${before} → ${after} (${percent(change)})`;
};

/** Fuel against the last line, whatever machine it is of: fuel does not depend on it. */
export const judgeFuel = (now: HistoryLine["scenarios"], history: readonly HistoryLine[]): Verdict => {
  const last = history.at(-1);
  if (last === undefined) {
    return { failed: true, same: false, lines: [`${HISTORY} holds no fuel to compare with.`] };
  }
  const { rises, differs, unrecorded, gone } = compareFuel(now, last.scenarios);
  const unchanged = Object.keys(now).length - rises.length - differs.length - unrecorded.length;
  return {
    failed: rises.length > 0,
    same: unchanged === Object.keys(now).length && gone.length === 0,
    lines: [
      ...(rises.length > 0 ? ["Fuel rose by more than 2 %:", ...rises.map(show)] : []),
      ...(differs.length > 0 ? ["Fuel is not as recorded, within what may be:", ...differs.map(show)] : []),
      ...unrecorded.map((name) => `Not recorded yet: ${name}.`),
      ...gone.map((name) => `Recorded and not measured any more: ${name}.`),
      `Fuel of ${unchanged} of ${Object.keys(now).length} scenarios is exactly as recorded.`,
    ],
  };
};

/** What to do about a fuel that is not as recorded. */
export const adviceOn = ({ same, failed }: Verdict): readonly string[] => {
  if (same) return [];
  const record = `\`${ACCEPT}\` records it as it is now; then commit ${HISTORY}.`;
  return failed
    ? [`Every run costs its account that much. If it is meant: ${record}`]
    : [`If it is meant: ${record}`];
};

/** Times and memory against the last line of the same CPU: warnings, since times have noise. */
export const judgeTimes = (now: HistoryLine, history: readonly HistoryLine[]): Verdict => {
  const last = lastOf(history, now.cpu);
  if (last === undefined) {
    const lines = [`No times of this CPU (${now.cpu}) are recorded yet: \`npm run perf\` does it.`];
    return { lines, failed: false, same: false };
  }
  const changes = compareTimes(now, last);
  const since = `${last.date.slice(0, 10)}, commit ${last.commit.slice(0, 12)}`;
  const lines =
    changes.length === 0
      ? [`Times and memory are no worse than recorded on this CPU (${since}).`]
      : [
          `Warning: worse than recorded on this CPU (${since}), by more than is noise on an idle machine:`,
          ...changes.map(show),
          "If the machine was busy, run it again; if a commit explains it, `npm run perf` records the new figures.",
        ];
  return { lines, failed: false, same: changes.length === 0 };
};
