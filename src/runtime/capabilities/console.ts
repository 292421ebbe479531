import { tryFromUtf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";
import type { Limits } from "../limits.ts";
import type { LogLine } from "../outcome.ts";

const LEVELS = ["debug", "log", "info", "warn", "error"] as const;

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

const readLine = (argument: Uint8Array): Omit<LogLine, "at"> => {
  const value = parse(tryFromUtf8(argument) ?? "");
  const fields = new Map<string, unknown>(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
  const level = LEVELS.find((each) => each === fields.get("level"));
  const text = fields.get("text");
  if (level === undefined || typeof text !== "string") throw new OpError("TypeError", "not a log line");
  return { level, text };
};

/** A time as text, and a line's JSON taken apart: about 6 µs, and so much for each byte. */
const LINE_UNITS = 4_000;
const UNITS_PER_BYTE = 0.5;
const price = (argument: Uint8Array): number => LINE_UNITS + argument.length * UNITS_PER_BYTE;

/** The console of one run. It is part of every run; its lines are among the run's figures. */
export interface Console {
  readonly capability: Capability;
  readonly lines: () => readonly LogLine[];
  readonly dropped: () => number;
}

/** Keeps lines until one does not fit the limits, or the isolate; from there on they are only counted. */
export const createConsole = (
  limits: Pick<Limits, "logBytes" | "logLines">,
  now: () => number,
  capture: (bytes: number) => boolean,
): Console => {
  const lines: LogLine[] = [];
  let bytes = 0;
  let dropped = 0;
  const log = (argument: Uint8Array): null => {
    // The argument's size stands for the text's: it is bounded before it is parsed.
    const full = lines.length >= limits.logLines || bytes + argument.length > limits.logBytes;
    if (dropped > 0 || full || !capture(argument.length)) {
      dropped += 1;
      return null;
    }
    // Before it is read: what is no line after all has been parsed as well.
    bytes += argument.length;
    lines.push({ at: new Date(now()).toISOString(), ...readLine(argument) });
    return null;
  };
  return {
    capability: {
      name: "console",
      sync: { log: { price, call: log } },
    },
    lines: () => lines,
    dropped: () => dropped,
  };
};
