import { isRecord, isWhole } from "../../responders/index.ts";
import type { RunView } from "../../responders/index.ts";

type Kind = RunView["outcome"]["kind"];
type RunError = NonNullable<RunView["outcome"]["error"]>;

const KINDS = [
  "static",
  "returned",
  "threw",
  "exceeded",
  "unusable",
  "unavailable",
  "forwarded",
  "upstream-failed",
] as const satisfies readonly Kind[];

const isNumber = (value: unknown): value is number => typeof value === "number";

const readError = (value: unknown): RunError | undefined => {
  if (!isRecord(value)) return undefined;
  const { name, message, stack, file, line, column } = value;
  if (typeof name !== "string" || typeof message !== "string" || typeof stack !== "string") return undefined;
  return {
    name,
    message,
    stack,
    ...(typeof file === "string" ? { file } : {}),
    line: isWhole(line) ? line : null,
    column: isWhole(column) ? column : null,
  };
};

const readOutcome = (value: unknown): RunView["outcome"] | undefined => {
  if (!isRecord(value)) return undefined;
  const { limit, limitValue, reason } = value;
  const kind = KINDS.find((each) => each === value["kind"]);
  const error = readError(value["error"]);
  if (kind === undefined) return undefined;
  return {
    kind,
    ...(typeof limit === "string" ? { limit } : {}),
    ...(isNumber(limitValue) ? { limitValue } : {}),
    ...(typeof reason === "string" ? { reason } : {}),
    ...(error === undefined ? {} : { error }),
  };
};

const readLogs = (value: unknown): RunView["logs"] =>
  !Array.isArray(value)
    ? []
    : value.flatMap((line: unknown) => {
        if (!isRecord(line)) return [];
        const { at, level, text } = line;
        const isLine = typeof at === "string" && typeof level === "string" && typeof text === "string";
        return isLine ? [{ at, level, text }] : [];
      });

const readEgress = (value: unknown): RunView["egress"] =>
  !Array.isArray(value)
    ? []
    : value.flatMap((entry: unknown) => {
        if (!isRecord(entry)) return [];
        const { method, url, status, durationMs, requestBytes, responseBytes, error } = entry;
        if (typeof method !== "string" || typeof url !== "string" || !isNumber(durationMs)) return [];
        if (!isNumber(requestBytes) || !isNumber(responseBytes)) return [];
        const shown = {
          status: isNumber(status) ? status : null,
          error: typeof error === "string" ? error : null,
        };
        return [{ method, url, durationMs, requestBytes, responseBytes, ...shown }];
      });

/** A run as it was stored, or `undefined` for one that another version wrote otherwise. */
export const readRun = (value: unknown): RunView | undefined => {
  if (!isRecord(value)) return undefined;
  const { cpuMs, fuel, wallMs, peakMemoryBytes, hostCalls, suspensions, logsDropped } = value;
  const outcome = readOutcome(value["outcome"]);
  if (outcome === undefined || !isNumber(cpuMs) || !isNumber(fuel) || !isNumber(wallMs)) return undefined;
  if (!isNumber(peakMemoryBytes) || !isNumber(hostCalls) || !isNumber(suspensions)) return undefined;
  return {
    outcome,
    cpuMs,
    fuel,
    wallMs,
    peakMemoryBytes,
    hostCalls,
    suspensions,
    logs: readLogs(value["logs"]),
    logsDropped: isNumber(logsDropped) ? logsDropped : 0,
    egress: readEgress(value["egress"]),
  };
};
