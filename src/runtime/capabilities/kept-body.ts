import { concat } from "../../lib/bytes.ts";
import { contentDecoding } from "../../lib/content-coding.ts";
import type { Passed } from "../../lib/tap.ts";
import { failureIn, type Bounds, type Whole } from "../egress/answer-body.ts";
import { BROKEN, EgressError, type EgressFailure, TOO_LARGE } from "../egress/failure.ts";

/** A body that may be read, again and again, and goes on to somebody else as it came all the same. */
export interface KeptBody {
  /** Decoded. `signal` aborts when this reader has lost interest. */
  readonly read: (bounds: Bounds) => Promise<Whole>;
  /** From its first byte, as it was encoded; the same stream each time. Fails with an `EgressError`. Whoever takes it reads or cancels it. */
  readonly whole: () => ReadableStream<Uint8Array>;
  /** Whether this is that stream. */
  readonly isWhole: (stream: ReadableStream<Uint8Array>) => boolean;
  /** What has come of it so far, as it was encoded. */
  readonly passed: () => Passed;
  /** Nobody wants the rest: unless it was taken. */
  readonly drop: () => void;
}

export interface KeptBodyRules {
  /** In bytes, as they came: so much of it is read at most. */
  readonly most: number;
  /** Asked before bytes are kept for whoever comes after the reader. */
  readonly take: (bytes: number) => boolean;
}

const UNDECODABLE: EgressFailure = {
  kind: "broken",
  message: `${BROKEN.message}: the body is not what its content-encoding says, or nobody here can decode it`,
};
const ON_ITS_WAY: EgressFailure = {
  kind: "aborted",
  message: "The body is on its way to the sender and cannot be read any more",
};

/** What has become of what is kept. */
interface Came {
  isOver: boolean;
  broken: EgressFailure | undefined;
}

type Raw = Whole | { readonly kind: "aborted" };

const decoded = async (
  bytes: Uint8Array<ArrayBuffer>,
  encoding: string | null,
  bounds: Bounds,
): Promise<Whole> => {
  const decoding = contentDecoding(encoding);
  if (decoding.kind === "none") {
    return bounds.take(bytes.length) ? { kind: "bytes", bytes } : { kind: "given-up" };
  }
  if (decoding.kind === "unknown") return { kind: "failed", failure: UNDECODABLE };
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const source = async function* source() {
      yield bytes;
    };
    for await (const part of decoding.decode(source())) {
      length += part.length;
      if (length > bounds.most) return { kind: "failed", failure: TOO_LARGE };
      if (!bounds.take(part.length)) return { kind: "given-up" };
      parts.push(part);
    }
  } catch {
    return { kind: "failed", failure: UNDECODABLE };
  }
  return { kind: "bytes", bytes: concat(parts) };
};

/** `encoding`: the `content-encoding` that it came with. */
export const keepBody = (
  stream: ReadableStream<Uint8Array>,
  encoding: string | null,
  { most, take }: KeptBodyRules,
): KeptBody => {
  const source = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  const came: Came = { isOver: false, broken: undefined };
  let readers = 0;
  let passing: ReadableStream<Uint8Array> | undefined;
  let coming: Promise<void> | undefined;

  const pull = async (): Promise<void> => {
    try {
      const { done, value } = await source.read();
      came.isOver = done;
      if (value === undefined) return;
      parts.push(value);
      length += value.length;
    } catch (error) {
      came.broken = failureIn(error);
    } finally {
      coming = undefined;
    }
  };
  /** One piece more. Whoever asks meanwhile waits for the same. */
  const more = (): Promise<void> => (coming ??= pull());

  const readRaw = async (signal: AbortSignal | undefined): Promise<Raw> => {
    let counted = 0;
    for (;;) {
      if (length > most) return { kind: "failed", failure: TOO_LARGE };
      if (!take(length - counted)) return { kind: "given-up" };
      counted = length;
      if (came.broken !== undefined) return { kind: "failed", failure: came.broken };
      if (came.isOver) return { kind: "bytes", bytes: concat(parts) };
      if (signal?.aborted === true) return { kind: "aborted" };
      await more();
    }
  };
  /** One that gives up lets another try again. */
  let raw: Promise<Raw> | undefined;
  const readOnce = async (signal: AbortSignal | undefined): Promise<Raw> => {
    readers += 1;
    try {
      const read = await (raw ??= readRaw(signal));
      if (read.kind === "aborted") raw = undefined;
      return read.kind === "aborted" && signal?.aborted !== true ? await readOnce(signal) : read;
    } finally {
      readers -= 1;
    }
  };

  const pass = (): ReadableStream<Uint8Array> => {
    let at = 0;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          while (at >= parts.length && came.broken === undefined && !came.isOver) await more();
          const part = parts[at];
          if (part !== undefined) {
            // Nobody else needs it once it has left, but for who still reads.
            if (readers > 0) at += 1;
            else {
              parts.splice(0, at + 1);
              at = 0;
            }
            controller.enqueue(part);
          } else if (came.broken !== undefined) controller.error(new EgressError(came.broken));
          else controller.close();
        },
        cancel: (reason) => source.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  };

  return {
    read: async (bounds) => {
      if (passing !== undefined) return { kind: "failed", failure: ON_ITS_WAY };
      const read = await readOnce(bounds.signal);
      if (read.kind === "aborted") return { kind: "given-up" };
      return read.kind === "bytes" ? decoded(read.bytes, encoding, bounds) : read;
    },
    whole: () => (passing ??= pass()),
    isWhole: (given) => given === passing,
    passed: () => ({ bytes: concat(parts), size: length, whole: came.isOver }),
    drop: () => {
      if (passing === undefined) void source.cancel().catch(() => undefined);
    },
  };
};
