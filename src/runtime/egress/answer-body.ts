import { createPieces } from "../../lib/pieces.ts";
import { BROKEN, EgressError, type EgressFailure, TOO_LARGE } from "./failure.ts";

export interface Watch {
  /** In bytes, as they are read: after decoding, when the platform decodes. */
  readonly most: number;
  /** Why the request was given up, if that is what broke the body off. */
  readonly failure: () => EgressFailure | undefined;
  /** Called once: at the end, at a failure, or when nobody wants the rest. */
  readonly onEnd: () => void;
}

/** The body, piece by piece as it is read: nothing waits in memory, and what decodes without end is cut off at `most`. Fails with an `EgressError`. */
export const watchBody = (
  body: ReadableStream<Uint8Array>,
  { most, failure, onEnd }: Watch,
): ReadableStream<Uint8Array> => {
  const reader = body.getReader();
  let length = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await reader.read().catch(() => undefined);
        if (next === undefined) {
          onEnd();
          controller.error(new EgressError(failure() ?? BROKEN));
        } else if (next.done) {
          onEnd();
          controller.close();
        } else {
          length += next.value.length;
          if (length <= most) return controller.enqueue(next.value);
          onEnd();
          controller.error(new EgressError(TOO_LARGE));
          await reader.cancel().catch(() => {});
        }
      },
      cancel: async (reason) => {
        onEnd();
        await reader.cancel(reason).catch(() => {});
      },
    },
    // Nothing is taken before somebody reads.
    { highWaterMark: 0 },
  );
};

export type ReadBody =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly failure: EgressFailure };

export const failureIn = (error: unknown): EgressFailure =>
  error instanceof EgressError ? error.failure : BROKEN;

/** The whole of an answer's body; `null` is empty. Its length was bounded when it was asked for. */
export const readBody = async (body: ReadableStream<Uint8Array> | null): Promise<ReadBody> => {
  const pieces = createPieces();
  try {
    if (body !== null) for await (const piece of body) pieces.add(piece);
  } catch (error) {
    return { kind: "failed", failure: failureIn(error) };
  }
  return { kind: "bytes", bytes: pieces.whole() };
};

export interface Bounds {
  /** In bytes. */
  readonly most: number;
  /** Asked before a piece of so many bytes is kept; `false`: the rest is not wanted. */
  readonly take: (bytes: number) => boolean;
  /** Aborts when nobody waits any more. */
  readonly signal?: AbortSignal;
}

const GIVEN_UP = { kind: "given-up" } as const;
/** `given-up`: the isolate has no room for it, or whoever pays no fuel. */
export type Whole = ReadBody | typeof GIVEN_UP;

/** The whole of a body that may have become longer since its length was bounded, such as by what is masked in it. */
export const readWithin = async (
  body: ReadableStream<Uint8Array>,
  { most, take, signal }: Bounds,
): Promise<Whole> => {
  const reader = body.getReader();
  const stop = (): void => void reader.cancel().catch(() => undefined);
  signal?.addEventListener("abort", stop, { once: true });
  const pieces = createPieces();
  let length = 0;
  try {
    for (;;) {
      const next = await reader.read();
      // Cancelled, it ends as if it were whole.
      if (next.done) return signal?.aborted === true ? GIVEN_UP : { kind: "bytes", bytes: pieces.whole() };
      length += next.value.length;
      if (length > most) return { kind: "failed", failure: TOO_LARGE };
      if (!take(next.value.length)) return GIVEN_UP;
      pieces.add(next.value);
    }
  } catch (error) {
    return { kind: "failed", failure: failureIn(error) };
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
};
