import type { HeaderPairs } from "../../lib/headers.ts";
import type { EgressFailure } from "../egress/failure.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What the capability `http` is handed: the way out of one run, which decides where it may go. */
export interface HttpPowers {
  /** Never rejects. */
  readonly send: (request: HttpRequest, asker: Asker) => Promise<HttpSent>;
  /** Fuel for each byte of a request, beside sending it. */
  readonly unitsPerByte: number;
}

/** Who waits for an answer. */
export interface Asker {
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Takes fuel for what is done with an answer's body as it comes. */
  readonly owe: (units: number) => void;
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
  /** What is held beside its body for as long as that lasts. */
  readonly heldBytes: number;
  /** Its `content-encoding` has been undone. */
  readonly decoded: boolean;
  readonly url: string;
  readonly redirected: boolean;
}
