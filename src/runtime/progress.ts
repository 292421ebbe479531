import type { Ending, GuestAnswer } from "./outcome.ts";

/** What a run has come to so far. The first failure stands; an answer before it stays the answer. */
export interface Progress {
  answer: GuestAnswer | undefined;
  failure: Ending | undefined;
  /** The largest input body that the guest has read, 0 for none: told with a memory ending. */
  largestBodyRead: number;
}

export const newProgress = (): Progress => ({ answer: undefined, failure: undefined, largestBodyRead: 0 });

/** What the sender is told, as soon as it is known: whichever of answer and failure came first. */
export const answerOf = ({ answer, failure }: Progress): Ending | undefined =>
  answer === undefined ? failure : { kind: "returned", answer };

/** How the run has ended, once nothing more can happen in it. `done`: the guest said so itself. */
export const endingOf = (progress: Progress, done: boolean): Ending => {
  if (progress.failure !== undefined) return progress.failure;
  if (done && progress.answer !== undefined) return { kind: "returned", answer: progress.answer };
  return {
    kind: "unusable",
    reason: "never-settled",
    error: {
      name: "NeverSettled",
      message:
        progress.answer === undefined
          ? "the script waits for a promise that nothing will settle"
          : "a promise given to waitUntil will never settle",
      stack: "",
      line: null,
      column: null,
    },
  };
};
