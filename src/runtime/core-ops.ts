import { concat, EMPTY, tryFromUtf8 } from "../lib/bytes.ts";
import { decodePrice } from "./capabilities/decode-price.ts";
import { OpError, type SyncOp, type UpstreamFault } from "./capability.ts";
import { exceededOutput, SANDBOX_FULL } from "./exceeded.ts";
import { depthOf, type Frame, headLength, LINE_FEED, readFrame, readLine } from "./frame.ts";
import { FUEL_PER_MS } from "./fuel.ts";
import { guestError, readToldError } from "./guest-error.ts";
import type { Limits } from "./limits.ts";
import type { Ending, GuestAnswer, UnusableReason } from "./outcome.ts";
import { answerOf, type Progress } from "./progress.ts";
import { RUN_IS_OVER, StopRun } from "./stop-run.ts";

export interface CoreDeps {
  readonly limits: Limits;
  readonly bodies: readonly Uint8Array<ArrayBuffer>[];
  readonly expression: boolean;
  readonly fuelLeft: () => number;
  readonly cancel: (id: number) => void;
  /** Takes room for bytes that the host keeps of the guest's; `false` when the isolate has none. */
  readonly capture: (bytes: number) => boolean;
  /** What the guest calls a failure may be the end of its memory: the host decides. */
  readonly judged: (ending: Ending) => Ending;
  readonly upstreamFault: (id: number) => UpstreamFault | undefined;
  readonly takeBody: (id: number) => ReadableStream<Uint8Array> | undefined;
}

/** Deeper JSON would be walked by recursion on the host, on a stack that is not the guest's. */
const MAX_DEPTH = 64;
const REASONS: readonly UnusableReason[] = ["never-settled", "not-json", "too-deep", "bad-result"];
/** Preludes cut what they tell to about 25,000 characters; what is longer than those can be is not parsed. */
const MAX_FAILURE_BYTES = 256 * 1024;
/** Parsing JSON on the host, at its worst: brackets in brackets. */
const PER_JSON_BYTE = 12;
/** Parts are put together once more, where there is no memory yet. */
const BYTES_PER_UNIT = 8;

/** Preludes send pieces of many KiB. */
const MAX_PARTS = 4_096;

/** As bodies are read: errors replaced, a BOM dropped. */
const lenient = new TextDecoder();

const unusable = (reason: UnusableReason, message: string): Ending => ({
  kind: "unusable",
  reason,
  error: { name: "BadResult", message, stack: "", line: null, column: null },
});

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

const readU32 = (argument: Uint8Array): number => {
  if (argument.length !== 4) throw new OpError("TypeError", "this op takes one number");
  return new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
};

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;

/** The head of an answer and its bytes, as a value, or why it is none. `parts` came ahead of it. */
const readAnswer = (
  frame: Frame | undefined,
  headBytes: number,
  { limits, bodies, takeBody }: CoreDeps,
  parts: readonly Uint8Array<ArrayBuffer>[],
): GuestAnswer | Ending => {
  if (frame === undefined) return unusable("bad-result", "the answer is not a frame");
  if (headBytes > limits.answerHeadBytes) return exceededOutput(limits, "answerHeadBytes", headBytes);
  const pieces = [...parts, frame.bytes].filter(({ length }) => length > 0);
  // A body in one piece, the common case, is not copied once more.
  const bytes = pieces.length === 1 ? (pieces[0] ?? frame.bytes) : concat(pieces);
  if (bytes.length > limits.answerBodyBytes) return exceededOutput(limits, "answerBodyBytes", bytes.length);
  if (depthOf(frame.json) > MAX_DEPTH) return unusable("too-deep", "the answer's head nests too deeply");
  const head = parse(frame.json);
  if (head === undefined) return unusable("not-json", "the answer's head is not JSON");
  const body = fieldOf(head, "body");
  if (body === "bytes") return { head, body: bytes };
  // `absent` is the base's body: for whoever lays the answer over one.
  if (body === "none" || body === "absent") return { head, body: null };
  const input = fieldOf(body, "input");
  if (typeof input === "number" && bodies[input] !== undefined) return { head, body: { input } };
  const id = fieldOf(body, "stream");
  const stream = typeof id === "number" ? takeBody(id) : undefined;
  if (stream !== undefined) return { head, body: { stream } };
  return unusable("bad-result", "the answer names no body");
};

const readFailure = (argument: Uint8Array, { expression, upstreamFault }: CoreDeps): Ending => {
  const value = argument.length > MAX_FAILURE_BYTES ? undefined : parse(tryFromUtf8(argument) ?? "");
  const error = guestError(readToldError(value), expression);
  const given = fieldOf(value, "reason");
  const reason = REASONS.find((each) => each === given);
  if (fieldOf(value, "kind") === "unusable")
    return { kind: "unusable", reason: reason ?? "bad-result", error };
  // By the id of the op that made the error, which the guest keeps beside it: never by what it says.
  const op = fieldOf(value, "op");
  const upstream = typeof op === "number" ? upstreamFault(op) : undefined;
  return { kind: "threw", error, ...(upstream === undefined ? {} : { upstream }) };
};

const free = () => 0;

const failurePrice = ({ length }: Uint8Array): number =>
  length > MAX_FAILURE_BYTES ? 0 : length * PER_JSON_BYTE;

/** The ops that every run has (docs/host-door.md). What crosses is paid for as it crosses. */
export const coreOps = (deps: CoreDeps, progress: Progress): Readonly<Record<string, SyncOp>> => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let partBytes = 0;
  const bodyAt = (argument: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
    const body = deps.bodies[readU32(argument)];
    if (body === undefined) throw new OpError("RangeError", "there is no such body");
    progress.largestBodyRead = Math.max(progress.largestBodyRead, body.length);
    return body;
  };
  const take = (frame: Frame | undefined, headBytes: number): GuestAnswer => {
    if (answerOf(progress) !== undefined) throw new OpError("TypeError", "there is an answer already");
    if (!deps.capture(headBytes + (frame?.bytes.length ?? 0))) throw new StopRun(SANDBOX_FULL);
    const read = readAnswer(frame, headBytes, deps, parts.splice(0));
    if ("kind" in read) throw new StopRun(read);
    progress.answer = read;
    return read;
  };
  /** A head longer than the limit is not parsed. */
  const answerPrice = (headBytes: number): number =>
    Math.min(headBytes, deps.limits.answerHeadBytes) * PER_JSON_BYTE + partBytes / BYTES_PER_UNIT;
  return {
    "answer-part": {
      price: free,
      call: (argument) => {
        partBytes += argument.length;
        // At once, not with the answer: parts are memory of the host.
        if (partBytes > deps.limits.answerBodyBytes) {
          throw new StopRun(exceededOutput(deps.limits, "answerBodyBytes", partBytes));
        }
        // Each is an object of the host's: a body sent byte by byte would be hundreds of megabytes of them.
        if (parts.length >= MAX_PARTS) {
          throw new OpError("RangeError", `an answer has at most ${MAX_PARTS} parts`);
        }
        if (!deps.capture(argument.length)) throw new StopRun(SANDBOX_FULL);
        if (argument.length > 0) parts.push(argument);
        return null;
      },
    },
    answer: {
      price: (argument) => answerPrice(headLength(argument)),
      call: (argument) => {
        const frame = readFrame(argument);
        take(frame, argument.length - 4 - (frame?.bytes.length ?? 0));
        return null;
      },
    },
    "answer-text": {
      price: (argument) => answerPrice(argument.indexOf(LINE_FEED)),
      call: (argument) => {
        const frame = readLine(argument);
        const { head } = take(frame, argument.length - 1 - (frame?.bytes.length ?? 0));
        // Another call only to say so would cost as much again.
        if (fieldOf(head, "done") === true) throw RUN_IS_OVER;
        return null;
      },
    },
    fail: {
      price: failurePrice,
      call: (argument) => {
        progress.failure ??= deps.judged(readFailure(argument, deps));
        return null;
      },
    },
    done: {
      price: free,
      call: () => {
        throw RUN_IS_OVER;
      },
    },
    body: { price: free, call: bodyAt },
    "body-text": {
      price: (argument) => decodePrice(deps.bodies[readU32(argument)] ?? EMPTY),
      call: (argument) => lenient.decode(bodyAt(argument)),
    },
    cancel: {
      price: free,
      call: (argument) => {
        deps.cancel(readU32(argument));
        return null;
      },
    },
    "fuel-left": {
      price: free,
      call: () => {
        const bytes = new Uint8Array(8);
        new DataView(bytes.buffer).setFloat64(0, Math.max(0, deps.fuelLeft()) / FUEL_PER_MS, true);
        return bytes;
      },
    },
  };
};
