import type { TierLimits } from "../../accounts/index.ts";
import { figuresOf, readWithin, type Reserve, upstreamFault } from "../../runtime/index.ts";
import type { Executed, Execution, ScriptAnswer } from "../../scripts/index.ts";

type Outcome = Executed["outcome"];

/** An execution whose answer is all here. */
export interface WholeAnswer extends Executed {
  /** The body that the script passed on unread, if it did. */
  readonly passed: Uint8Array<ArrayBuffer> | null;
  readonly end: Execution["end"];
}

const streamIn = (answer: ScriptAnswer | null): ReadableStream<Uint8Array> | null => {
  // What is forwarded goes on as it comes.
  const body = answer === null || answer.kind === "none" || answer.kind === "forward" ? null : answer.body;
  return body && "stream" in body ? body.stream : null;
};

/** How a run ends whose answer's body is not to be had. */
const endedBy = (
  read: Exclude<Awaited<ReturnType<typeof readWithin>>, { kind: "bytes" }>,
  outcome: Outcome,
): Outcome => {
  const figures = figuresOf(outcome);
  if (read.kind === "given-up") {
    return { kind: "unavailable", reason: "full", retryAfterSeconds: 1, ...figures };
  }
  const { failure } = read;
  const upstream = upstreamFault(failure);
  const error = { name: "TypeError", message: failure.message, stack: "", line: null, column: null };
  return { kind: "threw", error, ...(upstream === undefined ? {} : { upstream }), ...figures };
};

/** Reads what another server still sends of the answer, unless it `goesOn` as it comes; until it is whole, the sender can be told that it is not to be had. */
export const wholeAnswer = async (
  execution: Execution,
  { answerBodyBytes }: Pick<TierLimits, "answerBodyBytes">,
  reserve: () => Reserve,
  goesOn: (answer: ScriptAnswer) => Promise<boolean> = async () => false,
): Promise<WholeAnswer> => {
  const { answer, outcome } = await execution.answer;
  const stream = streamIn(answer);
  if (answer === null || stream === null || (await goesOn(answer)))
    return { answer, outcome, passed: null, end: execution.end };
  const room = reserve();
  const end = execution.end.finally(room.release);
  const read = await readWithin(stream, { most: answerBodyBytes, take: room.take });
  if (read.kind === "bytes") return { answer, outcome, passed: read.bytes, end };
  const ended = endedBy(read, outcome);
  return {
    answer: null,
    outcome: ended,
    passed: null,
    end: end.then((last) => (last.kind === "returned" ? { ...ended, ...figuresOf(last) } : last)),
  };
};
