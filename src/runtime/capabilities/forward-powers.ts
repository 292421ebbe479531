import type { HeaderPairs } from "../../lib/headers.ts";
import type { UpstreamFault } from "../capability.ts";
import type { GuestAnswer } from "../outcome.ts";
import type { KeptBody } from "./kept-body.ts";

/** What a script wants forwarded. Of its parts nothing is believed: whoever forwards it decides. */
export interface ForwardRequest {
  readonly method: string;
  readonly url: string;
  /** `null`: those of the sender, as they came. */
  readonly headers: HeaderPairs | null;
  /** Which of them it has set itself, be it to what they were before; `null`: all. */
  readonly set: readonly string[] | null;
  readonly body: GuestAnswer["body"];
}

/** What the capability `forward` is handed: the one way of a run to the upstream of its responder. */
export interface ForwardPowers {
  /** Called once at most. Never rejects. `signal` aborts when the run is over. */
  readonly forward: (request: ForwardRequest, signal: AbortSignal) => Promise<ForwardAnswer>;
  /** Fuel for each byte of a request, beside sending it. */
  readonly unitsPerByte: number;
}

export type ForwardAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly statusText: string;
      /** Lower-case; `set-cookie` repeats. */
      readonly headers: HeaderPairs;
      readonly body: KeptBody | null;
      /** The request as it left, without secrets. */
      readonly forwarded: { readonly method: string; readonly url: string; readonly headers: HeaderPairs };
    }
  /** The run is over with it. */
  | { readonly kind: "failed"; readonly message: string; readonly fault: UpstreamFault }
  /** Not a request that can be forwarded; nothing has left. */
  | { readonly kind: "unfit"; readonly message: string };
