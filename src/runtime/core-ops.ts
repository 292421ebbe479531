import { EMPTY } from "../lib/bytes.ts";
import { decodePrice } from "./capabilities/decode-price.ts";
import { OpError, type SyncOp } from "./capability.ts";
import { exceededOutput, SANDBOX_FULL } from "./exceeded.ts";
import { type Frame, headLength, LINE_FEED, readFrame, readLine } from "./frame.ts";
import { FUEL_PER_MS } from "./fuel.ts";
import type { Ending, GuestAnswer } from "./outcome.ts";
import { answerOf, type Progress } from "./progress.ts";
import { RUN_IS_OVER, StopRun } from "./stop-run.ts";
import { type AnswerParts, readAnswer } from "./told-answer.ts";
import { type FailureParts, MAX_FAILURE_BYTES, readFailure } from "./told-failure.ts";
import { fieldOf } from "./told.ts";

export interface CoreDeps extends AnswerParts, FailureParts {
  readonly fuelLeft: () => number;
  readonly cancel: (id: number) => void;
  /** Takes room for bytes that the host keeps of the guest's; `false` when the isolate has none. */
  readonly capture: (bytes: number) => boolean;
  /** What the guest calls a failure may be the end of its memory: the host decides. */
  readonly judged: (ending: Ending) => Ending;
}

/** Parsing JSON on the host, at its worst: brackets in brackets. */
const PER_JSON_BYTE = 12;
/** Parts are put together once more, where there is no memory yet. */
const BYTES_PER_UNIT = 8;

/** Preludes send pieces of many KiB. */
const MAX_PARTS = 4_096;

/** As bodies are read: errors replaced, a BOM dropped. */
const lenient = new TextDecoder();

const readU32 = (argument: Uint8Array): number => {
  if (argument.length !== 4) throw new OpError("TypeError", "this op takes one number");
  return new DataView(argument.buffer, argument.byteOffset).getUint32(0, true);
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
