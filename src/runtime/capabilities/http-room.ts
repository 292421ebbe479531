import { tapStream } from "../../lib/tap.ts";
import type { RunLoan } from "../capability.ts";

/** In bytes: less is not worth counting, a run has so few requests. */
const UNCOUNTED = 64 * 1024;

/**
 * The body of an answer for which so many bytes are held: what was sent, since a server may answer before it has read it and
 * the platform keeps it until the answer is over, and what its secrets are found by. So long they take room; `undefined`
 * when there is none: then nobody reads it.
 */
export const answeredWithin = (
  body: ReadableStream<Uint8Array>,
  heldBytes: number,
  { capture }: Pick<RunLoan, "capture">,
): ReadableStream<Uint8Array> | undefined => {
  if (heldBytes < UNCOUNTED) return body;
  if (!capture(heldBytes)) {
    void body.cancel().catch(() => undefined);
    return undefined;
  }
  const { stream, end } = tapStream(body, { keep: 0, take: () => false, most: Number.POSITIVE_INFINITY });
  void end.then(() => capture(-heldBytes));
  return stream;
};
