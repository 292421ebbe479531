import { isBodyless } from "../../lib/headers.ts";
import { NOTHING_PASSED, type Passed, type StreamEnd, tapStream, type TapRules } from "../../lib/tap.ts";
import { type EgressAnswer, EgressError } from "../../runtime/index.ts";
import { dropHopByHop } from "./leg-headers.ts";

/** An upstream's answer on its way to the sender: the platform's own objects, its body as it was encoded. */
export interface Forwarded {
  readonly status: number;
  readonly statusText: string;
  /** To be changed in place. */
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** An answer as it goes out, and what is known of its body. */
export interface Passing {
  readonly forwarded: Forwarded;
  readonly passed: () => Passed;
  /** Never rejects. */
  readonly end: Promise<StreamEnd>;
}

const COMPLETE: StreamEnd = { kind: "complete" };

const announced = (headers: Headers): number | null => {
  const text = headers.get("content-length") ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
};

/** With its announced length, so that a sender can tell an answer that breaks off from a whole one. */
const framed = (stream: ReadableStream<Uint8Array>, headers: Headers): ReadableStream<Uint8Array> => {
  const length = announced(headers);
  if (length === null) return stream;
  const { readable, writable } = new FixedLengthStream(length);
  stream.pipeTo(writable).catch(() => undefined);
  return readable;
};

/** What goes to the sender of what came back. `rules`: of the body's first bytes, for the journal. */
export const passOn = (
  { status, statusText, headers: came, body }: EgressAnswer,
  method: string,
  rules: Omit<TapRules, "most">,
): Passing => {
  const headers = new Headers(came);
  dropHopByHop(headers);
  if (body === null || method === "HEAD" || isBodyless(status)) {
    const end = body === null ? Promise.resolve() : body.cancel().catch(() => undefined);
    return {
      forwarded: { status, statusText, headers, body: null },
      passed: () => NOTHING_PASSED,
      end: end.then(() => COMPLETE),
    };
  }
  // How long it may be is the egress's to see to.
  const { stream, passed, end } = tapStream(body, { ...rules, most: Number.POSITIVE_INFINITY });
  return { forwarded: { status, statusText, headers, body: framed(stream, headers) }, passed, end };
};

/** Why a body broke off, as its owner reads it. */
export const brokenBy = (
  error: unknown,
): { readonly reason: "broken" | EgressError["failure"]["kind"]; readonly message: string } =>
  error instanceof EgressError
    ? { reason: error.failure.kind, message: error.failure.message }
    : { reason: "broken", message: "Upstream request failed" };
