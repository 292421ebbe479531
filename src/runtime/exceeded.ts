import { heapBytes } from "./engine-memory.ts";
import { STACK_BYTES } from "./engine.ts";
import type { Limits } from "./limits.ts";
import type { Ending, GuestError } from "./outcome.ts";

/** `at`: the error of the engine's that says where the script was. */
const limitError = (message: string, at?: GuestError): GuestError => ({
  name: "LimitExceeded",
  message,
  stack: at?.stack ?? "",
  line: at?.line ?? null,
  column: at?.column ?? null,
});

/** The isolate has no room for the run: not its own doing. */
export const SANDBOX_FULL: Ending = { kind: "unavailable", reason: "full", retryAfterSeconds: 1 };

export const exceededCpu = (limits: Limits, at?: GuestError): Ending => ({
  kind: "exceeded",
  limit: "cpu",
  limitValue: limits.cpuMs,
  error: limitError(`the script used all of its ${limits.cpuMs} ms of CPU`, at),
});

export const exceededWall = (limits: Limits): Ending => ({
  kind: "exceeded",
  limit: "wall",
  limitValue: limits.wallMs,
  error: limitError(`the script was not done after ${limits.wallMs} ms`),
});

/** `bodyBytes`: the largest input body that the script had read, 0 for none. */
export const exceededMemory = (limits: Limits, bodyBytes: number): Ending => ({
  kind: "exceeded",
  limit: "memory",
  limitValue: heapBytes(limits.heapMb),
  error: limitError(
    `the script ran out of its ${limits.heapMb} MB of heap` +
      (bodyBytes === 0 ? "" : `, having read a body of ${bodyBytes} bytes`),
  ),
});

export const exceededStack = (at?: GuestError): Ending => ({
  kind: "exceeded",
  limit: "stack",
  limitValue: STACK_BYTES,
  error: limitError("the script called or nested too deeply", at),
});

type CallsLimit = "hostCalls" | "hostCallsInFlight" | "timers";

const CALLS_MESSAGES: Readonly<Record<CallsLimit, (most: number) => string>> = {
  hostCalls: (most) => `the script made more than ${most} host calls (timers, crypto and the like)`,
  hostCallsInFlight: (most) => `the script had more than ${most} host calls under way at once`,
  timers: (most) => `the script set more than ${most} timers`,
};

export const exceededCalls = (limits: Limits, which: CallsLimit): Ending => ({
  kind: "exceeded",
  limit: "calls",
  limitValue: limits[which],
  error: limitError(CALLS_MESSAGES[which](limits[which])),
});

export const exceededFetches = (most: number): Ending => ({
  kind: "exceeded",
  limit: "calls",
  limitValue: most,
  error: limitError(`the script sent more than ${most} requests`),
});

export const exceededGuesses = (most: number): Ending => ({
  kind: "exceeded",
  limit: "calls",
  limitValue: most,
  error: limitError(
    `the script compared secrets ${most} times with what they are not: it must not find out by trying`,
  ),
});

export const exceededOutput = (
  limits: Limits,
  which: "answerBodyBytes" | "answerHeadBytes",
  bytes: number,
): Ending => ({
  kind: "exceeded",
  limit: "output",
  limitValue: limits[which],
  error: limitError(
    `the answer's ${which === "answerBodyBytes" ? "body" : "status and headers"} took ${bytes} bytes; ` +
      `at most ${limits[which]} are allowed`,
  ),
});
