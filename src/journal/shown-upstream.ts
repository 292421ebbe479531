import type { Exchange } from "./exchange.ts";
import { type LegChanges, legChanges } from "./leg-changes.ts";
import { type ShownKept, shownKept } from "./shown-kept.ts";
import type { KeptLegRequest, KeptLegResponse } from "./upstream.ts";

/** A leg's body: `same` when it is that of the exchange's own request, or of its answer. */
export type ShownLegBody = { readonly bodySame: true } | (ShownKept & { readonly bodySame: false });

export type ShownLeg<Kept extends KeptLegRequest | KeptLegResponse> = Omit<Kept, "body"> & ShownLegBody;

/** What went to the upstream and came back, as its owner reads it. */
export interface ShownUpstream {
  readonly request: ShownLeg<KeptLegRequest>;
  readonly response: ShownLeg<KeptLegResponse> | null;
  readonly durationMs: number;
  readonly attempts: readonly {
    /** RFC 3339, with milliseconds. */
    readonly at: string;
    readonly status: number | null;
    readonly error: string | null;
    readonly durationMs: number;
  }[];
  readonly error: string | null;
  readonly unfinished: boolean;
  readonly changes: LegChanges;
}

const shownLeg = <Kept extends KeptLegRequest | KeptLegResponse>(
  { body, ...leg }: Kept,
  mostBytes: number,
): Omit<Kept, "body"> & ShownLegBody =>
  body === "same"
    ? { ...leg, bodySame: true }
    : { ...leg, bodySame: false, ...shownKept(body, leg.headers, mostBytes) };

/** Bodies of more than `mostBytes` are left out. */
export const shownUpstream = (exchange: Exchange, mostBytes: number): ShownUpstream | undefined => {
  const { upstream } = exchange;
  if (upstream === null) return undefined;
  const { request, response, attempts, durationMs, error, unfinished } = upstream;
  return {
    request: shownLeg(request, mostBytes),
    response: response && shownLeg(response, mostBytes),
    durationMs,
    attempts: attempts.map(({ at, status, error: why, durationMs: ms }) => ({
      at: new Date(at).toISOString(),
      status,
      error: why,
      durationMs: ms,
    })),
    error,
    unfinished,
    changes: legChanges(exchange, upstream),
  };
};
