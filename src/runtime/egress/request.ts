import type { EgressFailure } from "./failure.ts";
import type { EgressBody, EgressHeaders, Outgoing } from "./outgoing.ts";
import type { Times } from "./patience.ts";

export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: EgressHeaders;
  readonly body: EgressBody | null;
  /** `manual` gives redirects back. */
  readonly redirect: "follow" | "manual" | "error";
  /** The body as it was sent, to be passed on with its `content-encoding`; else the platform undoes gzip and Brotli as it is read. */
  readonly encoded: boolean;
  readonly times: Times;
  /** Of the answer's body, in bytes as they are read. */
  readonly mostBytes: number;
  /** The caller's own. */
  readonly signal: AbortSignal | null;
  readonly secrets: SecretFilling | null;
}

/** How secrets get into a request, and stay out of its answer. A run's own: it knows its placeholders. */
export interface SecretFilling {
  /** The request with its placeholders filled in. After the policy, for each hop anew. */
  readonly fillIn: (outgoing: Outgoing) => Promise<Filled>;
  /** Whether a `location` holds what was filled in: following it would carry a secret to where it leads. */
  readonly holdsSecret: (location: string) => boolean;
  readonly maskAnswer: (answer: EgressAnswer) => EgressAnswer;
}

export type Filled =
  | { readonly kind: "filled"; readonly outgoing: Outgoing }
  | { readonly kind: "not-allowed"; readonly message: string };

/** What came back. The body stays here, as a stream that fails with an `EgressError`; somebody must read or cancel it, or it takes `totalMs`. */
export interface EgressAnswer {
  readonly status: number;
  readonly statusText: string;
  /** The platform's own, which keeps repeats and bytes. */
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  /** Of the last hop, as it was written: without secrets. */
  readonly url: string;
  readonly redirected: boolean;
}

export type Sent =
  | { readonly kind: "answered"; readonly answer: EgressAnswer }
  | { readonly kind: "failed"; readonly failure: EgressFailure };
