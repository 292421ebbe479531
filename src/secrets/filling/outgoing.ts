import type { HeaderPairs } from "../../lib/headers.ts";
import type { Placeholder } from "../placeholders.ts";

/** What a request carries. Only what the script itself wrote is ever looked into. */
export type OutgoingBody =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A stream, or bytes that came from a sender or another host. */
  | { readonly kind: "foreign" };

/** A request as the script wrote it, or an upstream's headers: placeholders and all. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: OutgoingBody;
}

/** In bytes, or in characters of what is text still. */
export const bodyLength = (body: OutgoingBody): number =>
  body.kind === "text" ? body.text.length : body.kind === "bytes" ? body.bytes.length : 0;

export interface FillPolicy {
  /** Whether the operator names this host and port among those that may be reached without encryption. */
  readonly allowsPlainHttp: (hostname: string, port: number) => boolean;
}

/** Why a request does not leave: the script sees it as an error of this name. Nothing in it is of the value. */
export interface SecretNotAllowed {
  readonly name: "SecretNotAllowed";
  readonly message: string;
  readonly secret: string;
  /** With its port, unless it is the scheme's own; empty when the URL has none. */
  readonly host: string;
  readonly place: string;
}

/** `carried`: what was filled in, each once. The answer is masked by it. */
export type Filled =
  | {
      readonly kind: "filled";
      readonly request: OutgoingRequest;
      readonly carried: readonly Placeholder[];
    }
  | { readonly kind: "refused"; readonly error: SecretNotAllowed };
