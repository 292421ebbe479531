import { concat } from "../lib/bytes.ts";
import { exceededOutput } from "./exceeded.ts";
import { depthOf, type Frame } from "./frame.ts";
import type { Limits } from "./limits.ts";
import type { Ending, GuestAnswer } from "./outcome.ts";
import { fieldOf, parseTold } from "./told.ts";

/** What an answer may name besides bytes of its own. */
export interface AnswerParts {
  readonly limits: Limits;
  readonly bodies: readonly Uint8Array<ArrayBuffer>[];
  readonly takeBody: (id: number) => ReadableStream<Uint8Array> | undefined;
}

/** Deeper JSON would be walked by recursion on the host, on a stack that is not the guest's. */
const MAX_DEPTH = 64;

const unusable = (reason: "bad-result" | "too-deep" | "not-json", message: string): Ending => ({
  kind: "unusable",
  reason,
  error: { name: "BadResult", message, stack: "", line: null, column: null },
});

/** The head of an answer and its bytes, as a value, or why it is none. `parts` came ahead of it. */
export const readAnswer = (
  frame: Frame | undefined,
  headBytes: number,
  { limits, bodies, takeBody }: AnswerParts,
  parts: readonly Uint8Array<ArrayBuffer>[],
): GuestAnswer | Ending => {
  if (frame === undefined) return unusable("bad-result", "the answer is not a frame");
  if (headBytes > limits.answerHeadBytes) return exceededOutput(limits, "answerHeadBytes", headBytes);
  const pieces = [...parts, frame.bytes].filter(({ length }) => length > 0);
  // A body in one piece, the common case, is not copied once more.
  const bytes = pieces.length === 1 ? (pieces[0] ?? frame.bytes) : concat(pieces);
  if (bytes.length > limits.answerBodyBytes) return exceededOutput(limits, "answerBodyBytes", bytes.length);
  if (depthOf(frame.json) > MAX_DEPTH) return unusable("too-deep", "the answer's head nests too deeply");
  const head = parseTold(frame.json);
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
