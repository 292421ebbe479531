import type { HeaderPairs } from "../../lib/headers.ts";
import type { EgressFailure } from "../egress/failure.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What the capability `http` is handed: the way out of one run, which decides where it may go. */
export interface HttpPowers {
  /** Never rejects. `signal` aborts when nobody waits any more. */
  readonly send: (request: HttpRequest, signal: AbortSignal) => Promise<HttpSent>;
  /** Fuel for each byte of a request, and of an answer's body, beside sending and reading it. */
  readonly unitsPerByte: { readonly sent: number; readonly received: number };
}

export interface HttpRequest {
  readonly method: string;
  /** As the script wrote it. */
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: HttpRequestBody | null;
  readonly redirect: "follow" | "manual" | "error";
  /** In ms; `null`: as long as any may take. */
  readonly timeoutMs: number | null;
  /** The answer's body is wanted as it was sent, with its `content-encoding`. */
  readonly encoded: boolean;
}

export type HttpRequestBody =
  /** The script's own words. */
  | { readonly kind: "own"; readonly bytes: Bytes }
  /** From outside, and never read by the script. */
  | { readonly kind: "foreign"; readonly bytes: Bytes }
  | { readonly kind: "stream"; readonly stream: ReadableStream<Uint8Array> };

export type HttpSent =
  | { readonly kind: "answered"; readonly answer: HttpAnswer }
  | { readonly kind: "failed"; readonly failure: EgressFailure };

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Lower-case; `set-cookie` repeats. */
  readonly headers: HeaderPairs;
  /** Fails with an `EgressError`, and is bounded. Somebody must read or cancel it. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** Its `content-encoding` has been undone. */
  readonly decoded: boolean;
  readonly url: string;
  readonly redirected: boolean;
}
