import { tapStream } from "../../lib/tap.ts";
import type { RunLoan } from "../capability.ts";

/** In bytes: a run's smaller requests are not worth counting. */
const UNCOUNTED = 64 * 1024;

/**
 * The body of an answer to a request of so many bytes. A server may answer before it has read them, and the platform holds
 * them for as long as the answer lasts: so long they take room. `undefined` when there is none: then nobody reads it.
 */
export const answeredWithin = (
  body: ReadableStream<Uint8Array>,
  sentBytes: number,
  { capture }: Pick<RunLoan, "capture">,
): ReadableStream<Uint8Array> | undefined => {
  if (sentBytes < UNCOUNTED) return body;
  if (!capture(sentBytes)) {
    void body.cancel().catch(() => undefined);
    return undefined;
  }
  const { stream, end } = tapStream(body, { keep: 0, take: () => false, most: Number.POSITIVE_INFINITY });
  void end.then(() => capture(-sentBytes));
  return stream;
};
