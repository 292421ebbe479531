import { type ByteChunks, contentDecoding, contentEncodingOf } from "../../lib/content-coding.ts";
import { type HeaderPair, type HeaderPairs, withoutHeader } from "../../lib/headers.ts";
import type { Mask } from "../masking/mask.ts";
import type { Placeholder } from "../placeholders.ts";
import { maskOfCarried } from "./mask-of-carried.ts";

/** An answer as it came: its body has the `content-encoding` that its headers name. */
export interface IncomingAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderPairs;
  readonly body: ReadableStream<Uint8Array> | null;
}

export type MaskedAnswer =
  /** `isLocationSecret`: it redirects to where a secret is part of the URL, and must not be followed. */
  | { readonly kind: "masked"; readonly answer: IncomingAnswer; readonly isLocationSecret: boolean }
  /** Its body has a coding that nobody here knows, although `identity` was asked for: nothing of it may be passed on. */
  | { readonly kind: "unreadable" };

const streamOf = (chunks: ByteChunks): ReadableStream<Uint8Array> => {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
};

/** A name cannot hold a mark, so that a header whose name holds a secret is left out. */
const maskHeaders = (headers: HeaderPairs, mask: Mask): HeaderPairs =>
  headers
    .filter(([name]) => mask.text(name) === name)
    .map(([name, value]): HeaderPair => [name, mask.text(value)]);

/**
 * The answer to a request that `fill` filled in, without what that carried: the status text, the headers and the decoded body,
 * as it streams by. To be called before the script, the sender or the journal sees any of it. A body that is not what its coding
 * says breaks off when it is read.
 */
export const maskAnswer = (answer: IncomingAnswer, carried: readonly Placeholder[]): MaskedAnswer => {
  const mask = maskOfCarried(carried);
  if (mask.hides === "nothing") return { kind: "masked", answer, isLocationSecret: false };

  const find = (wanted: string): string | null =>
    answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
  const location = find("location") ?? "";
  const decoding = contentDecoding(answer.body === null ? null : contentEncodingOf(answer.headers));
  if (decoding.kind === "unknown") return { kind: "unreadable" };

  const { body } = answer;
  const isDecoded = decoding.kind === "encoded";
  const readable = isDecoded && body !== null ? streamOf(decoding.decode(body)) : body;
  // The length is that of what was sent.
  const gone = body === null ? [] : ["content-length", ...(isDecoded ? ["content-encoding"] : [])];
  return {
    kind: "masked",
    answer: {
      status: answer.status,
      statusText: mask.text(answer.statusText),
      headers: maskHeaders(gone.reduce(withoutHeader, answer.headers), mask),
      body: readable?.pipeThrough(mask.stream()) ?? null,
    },
    isLocationSecret: mask.text(location) !== location,
  };
};
