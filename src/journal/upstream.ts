import type { HeaderPairs } from "../lib/headers.ts";
import type { Attempt } from "../responders/index.ts";
import type { KeptBody } from "./exchange.ts";

/** A body on a leg. `same`: it is that of the exchange's own request, or of its answer, and not kept twice. */
export type KeptLegBody = KeptBody | "same";

export interface KeptLegRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: KeptLegBody;
}

export interface KeptLegResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: KeptLegBody;
}

/** What went to the upstream of a responder, and what came back. */
export interface KeptUpstream {
  readonly request: KeptLegRequest;
  /** `null`: there was no answer. */
  readonly response: KeptLegResponse | null;
  readonly attempts: readonly Attempt[];
  /** From the first attempt to the end of the answer's body. */
  readonly durationMs: number;
  /** Why it has no answer, or only a part of one. */
  readonly error: string | null;
  /** Recorded before the answer had come to its end: its sender hung up, or it went on for too long. */
  readonly unfinished: boolean;
}

/** Of both legs, those bodies that are their own. */
export const ownBodies = (upstream: KeptUpstream | null): readonly KeptBody[] =>
  [upstream?.request.body, upstream?.response?.body].filter((body) => body !== undefined && body !== "same");

/** With each of its own bodies made another. */
export const mapBodies = (upstream: KeptUpstream, change: (body: KeptBody) => KeptBody): KeptUpstream => {
  const changed = (body: KeptLegBody): KeptLegBody => (body === "same" ? body : change(body));
  const { request, response } = upstream;
  return {
    ...upstream,
    request: { ...request, body: changed(request.body) },
    response: response && { ...response, body: changed(response.body) },
  };
};
