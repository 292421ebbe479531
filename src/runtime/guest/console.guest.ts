import { ask } from "./door.guest.ts";
import { format } from "./format.guest.ts";
import { coarsePerformance } from "./performance.guest.ts";
import { stringifyJson, toText } from "./primordials.guest.ts";
import { reportTo } from "./report.guest.ts";

type Level = "debug" | "log" | "info" | "warn" | "error";

let indent = "";

export const write = (level: Level, values: readonly unknown[]): void => {
  const text = format(values);
  const lines = indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`);
  ask("log", stringifyJson({ level, text: lines.toWellFormed() }));
};

const group = (...label: unknown[]): void => {
  if (label.length > 0) write("log", label);
  if (indent.length < 40) indent += "  ";
};

const labelOf = (given: unknown): string => (given === undefined ? "default" : toText(given));

const begun = new Map<string, number>();
const counts = new Map<string, number>();

/** How long ago `time` was called, in whole milliseconds. */
const tellTime = (label: string, values: readonly unknown[]): void => {
  const since = begun.get(label);
  if (since === undefined) write("warn", [`Timer '${label}' does not exist`]);
  else write("info", ["%s: %sms", label, toText(coarsePerformance.now() - since), ...values]);
};

export const console = {
  debug: (...values: unknown[]): void => write("debug", values),
  log: (...values: unknown[]): void => write("log", values),
  info: (...values: unknown[]): void => write("info", values),
  warn: (...values: unknown[]): void => write("warn", values),
  error: (...values: unknown[]): void => write("error", values),
  dir: (value: unknown): void => write("log", [value]),
  table: (value: unknown): void => write("log", [value]),
  time: (given?: unknown): void => {
    const label = labelOf(given);
    if (begun.has(label)) write("warn", [`Timer '${label}' already exists`]);
    else begun.set(label, coarsePerformance.now());
  },
  timeLog: (given?: unknown, ...values: unknown[]): void => tellTime(labelOf(given), values),
  timeEnd: (given?: unknown): void => {
    const label = labelOf(given);
    tellTime(label, []);
    begun.delete(label);
  },
  count: (given?: unknown): void => {
    const label = labelOf(given);
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    write("info", ["%s: %s", label, toText(count)]);
  },
  countReset: (given?: unknown): void => {
    const label = labelOf(given);
    if (!counts.delete(label)) write("warn", [`Count for '${label}' does not exist`]);
  },
  trace: (...values: unknown[]): void => write("log", ["Trace:", ...values]),
  assert: (holds: unknown, ...values: unknown[]): void => {
    if (!holds) write("error", ["Assertion failed:", ...values]);
  },
  group,
  groupCollapsed: group,
  groupEnd: (): void => {
    indent = indent.slice(2);
  },
};

reportTo((error) => write("error", ["Uncaught", error]));
