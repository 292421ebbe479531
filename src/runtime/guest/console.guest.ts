import { ask } from "./door.guest.ts";
import { format } from "./format.guest.ts";
import { stringifyJson } from "./primordials.guest.ts";
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

export const console = {
  debug: (...values: unknown[]): void => write("debug", values),
  log: (...values: unknown[]): void => write("log", values),
  info: (...values: unknown[]): void => write("info", values),
  warn: (...values: unknown[]): void => write("warn", values),
  error: (...values: unknown[]): void => write("error", values),
  dir: (value: unknown): void => write("log", [value]),
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
