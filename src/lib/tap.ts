import { createPieces } from "./pieces.ts";

/** What has passed through a stream: of its bytes the first, or `null` when there was no body at all. */
export interface Passed {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly size: number;
  /** The bytes are all that has passed. */
  readonly whole: boolean;
}

export const NOTHING_PASSED: Passed = { bytes: null, size: 0, whole: true };

export type StreamEnd =
  | { readonly kind: "complete" }
  /** Whoever read it did not want the rest. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: unknown };

export interface Tap {
  /** Piece by piece as it is read: nothing is taken before somebody reads, and nothing waits. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly passed: () => Passed;
  /** Never rejects. */
  readonly end: Promise<StreamEnd>;
}

export interface TapRules {
  /** So many bytes are kept. */
  readonly keep: number;
  /** Asked before bytes are kept; `false` ends the keeping, not the stream. */
  readonly take: (bytes: number) => boolean;
  /** The stream fails with `StreamTooLong` behind so many bytes. */
  readonly most: number;
}

/** How a tapped stream fails that is longer than it may be. */
export class StreamTooLong extends Error {
  override readonly name = "StreamTooLong";
}

/** Lets a stream by and keeps its first bytes, so that a long one takes no more memory than a short one. */
export const tapStream = (body: ReadableStream<Uint8Array>, { keep, take, most }: TapRules): Tap => {
  const reader = body.getReader();
  const pieces = createPieces();
  let kept = 0;
  let size = 0;
  let isKeeping = true;
  let finish: (end: StreamEnd) => void = () => undefined;
  const end = new Promise<StreamEnd>((resolve) => {
    finish = resolve;
  });
  const keepOf = (chunk: Uint8Array): void => {
    if (!isKeeping || chunk.length === 0) return;
    // A copy: whoever reads the chunk may give its buffer away.
    const part = chunk.slice(0, keep - kept);
    isKeeping = part.length > 0 && take(part.length);
    if (!isKeeping) return;
    pieces.add(part);
    kept += part.length;
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        let next;
        try {
          next = await reader.read();
        } catch (error) {
          finish({ kind: "failed", error });
          controller.error(error);
          return;
        }
        if (next.done) {
          finish({ kind: "complete" });
          controller.close();
          return;
        }
        size += next.value.length;
        if (size > most) {
          const error = new StreamTooLong(`More than ${most} bytes.`);
          finish({ kind: "failed", error });
          controller.error(error);
          await reader.cancel(error).catch(() => undefined);
          return;
        }
        keepOf(next.value);
        controller.enqueue(next.value);
      },
      cancel: async (reason) => {
        finish({ kind: "cancelled" });
        await reader.cancel(reason).catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
  const passed = (): Passed => ({ bytes: pieces.whole(), size, whole: size === kept });
  return { stream, passed, end };
};
