import { concat, fromUtf8, utf8 } from "../../src/lib/bytes.ts";
import {
  type Capability,
  EgressError,
  http,
  type HttpAnswer,
  type HttpLimits,
  type HttpRequest,
  type HttpSent,
  type RunBodies,
} from "../../src/runtime/index.ts";

/** A request as another server would see it. */
export interface Seen extends Omit<HttpRequest, "body"> {
  /** `null`: none. */
  readonly text: string | null;
  readonly from: "own" | "foreign" | "stream" | null;
}

export type Answering = (seen: Seen, signal: AbortSignal) => Answer | Promise<Answer>;
type Answer = (Partial<Omit<HttpAnswer, "body">> & { readonly body?: BodyOf }) | Failing;
type Failing = { readonly failure: Extract<HttpSent, { kind: "failed" }>["failure"] };
/** A text, chunks of which an error breaks the body off, or a stream. */
type BodyOf = string | readonly (string | EgressError)[] | ReadableStream<Uint8Array> | null;

export const failing = (
  kind: "connect" | "timeout" | "broken" | "too-large" | "not-allowed-secret" | "aborted",
  message: string,
): Failing => ({ failure: { kind, message } });

export interface FakeHttp {
  /** `bodies`: those of the run, where another capability has bodies as well. */
  readonly grant: (bodies?: RunBodies) => Capability;
  readonly seen: Seen[];
  /** Bodies that somebody has cancelled. */
  readonly cancelled: () => number;
}

const INPUTS_LIMITS: HttpLimits = { fetches: 20, fetchesInFlight: 4 };

/** The way out of a run, to a server of the test's. */
export const fakeHttp = (
  answer: Answering = () => ({}),
  limits: HttpLimits = INPUTS_LIMITS,
  inputs: readonly Uint8Array<ArrayBuffer>[] = [],
): FakeHttp => {
  const seen: Seen[] = [];
  let cancelled = 0;
  const streamOf = (body: BodyOf): ReadableStream<Uint8Array> | null => {
    if (body === null || body instanceof ReadableStream) return body;
    const chunks = typeof body === "string" ? [body] : [...body];
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const next = chunks.shift();
          if (next === undefined) controller.close();
          else if (next instanceof EgressError) controller.error(next);
          else controller.enqueue(utf8(next));
        },
        cancel: () => {
          cancelled += 1;
        },
      },
      { highWaterMark: 0 },
    );
  };
  const textOf = async (body: HttpRequest["body"]): Promise<string | null> => {
    if (body === null) return null;
    if (body.kind !== "stream") return fromUtf8(body.bytes);
    const parts: Uint8Array[] = [];
    for await (const part of body.stream) parts.push(part);
    return fromUtf8(concat(parts));
  };
  return {
    seen,
    cancelled: () => cancelled,
    grant: (bodies) =>
      http(
        {
          unitsPerByte: 0,
          send: async ({ body, ...request }, { signal }) => {
            const one = { ...request, text: await textOf(body), from: body?.kind ?? null };
            seen.push(one);
            const given = await answer(one, signal);
            if ("failure" in given) return { kind: "failed", ...given };
            return {
              kind: "answered",
              answer: {
                status: 200,
                statusText: "OK",
                headers: [],
                decoded: false,
                heldBytes: 0,
                url: request.url,
                redirected: false,
                ...given,
                body: streamOf(given.body === undefined ? "hello" : given.body),
              },
            };
          },
        },
        limits,
        inputs,
        bodies,
      ),
  };
};
