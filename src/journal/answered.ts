import type { TierLimits } from "../accounts/index.ts";
import type { NoticeRule } from "../notifications/index.ts";
import type { HeaderPairs } from "../lib/headers.ts";
import {
  type ForwardOutcome,
  type Forwarding,
  type Hit,
  type LegBody,
  type Legs,
  type Redact,
  type ResponderRun,
  hitView,
  type RunView,
} from "../responders/index.ts";
import { cutBody } from "./cut-body.ts";
import { type Exchange, hasFailed, type KeptBody } from "./exchange.ts";
import type { Recordable, RecordableBody } from "./recordable.ts";
import type { KeptLegBody, KeptUpstream } from "./upstream.ts";

/** A hit that its responder was found for, and that has its answer: what the edge hands over. */
export interface Answered {
  readonly responder: {
    readonly id: string;
    readonly keep: number;
    /** Of which hits somebody is told; `null`: of none. */
    readonly notify: NoticeRule | null;
  };
  readonly account: {
    readonly id: string;
    readonly limits: Pick<TierLimits, "journalKeep" | "journalBodyBytes" | "journalBytes">;
  };
  readonly hit: Hit;
  /** The size of a body that was not taken, because it is too large or came too slowly, as far as it is known; else 0. */
  readonly refusedBytes: number;
  readonly answeredAt: number;
  /** As the sender got it. */
  readonly response: {
    readonly status: number;
    readonly headers: HeaderPairs;
    readonly body: Uint8Array<ArrayBuffer> | null;
  };
  /** Takes the secrets that the hit was granted out of what is kept; `null` when it was granted none. */
  readonly redact: Redact | null;
  /** `null` for an answer without a run: static, or that of a hit that was refused. */
  readonly run: ResponderRun | null;
  /** What became of it at the upstream; `null` when it was not to go there. */
  readonly forwarding: Forwarding | null;
  /** The answer is the 500 for what nobody foresaw. */
  readonly fault: boolean;
  /** The exchange whose request this was again. */
  readonly replayOf?: string;
}

const FAULT: RunView["outcome"] = {
  kind: "threw",
  error: {
    name: "PlatformError",
    message:
      "Hookwright itself failed here. Its operator finds the reason in the log, under this exchange's id.",
    stack: "",
    line: null,
    column: null,
  },
};

/** `ran` is the outcome of the whole run, what it did after its answer included; `forwarded` that at the upstream. */
export const runOf = (
  { fault, run }: Answered,
  ran: ResponderRun["outcome"] | null,
  forwarded: ForwardOutcome | null,
): RunView => {
  if (fault) return { ...hitView(null, null), outcome: FAULT };
  return hitView(ran && { outcome: ran, egress: run?.egress() ?? [] }, forwarded);
};

/** What is recorded of a hit. `nothing`: it is counted only. */
export type Extent = "whole" | "head" | "nothing";

/**
 * What failed is always kept, or else its owner would look for it in vain; a run that was not let in is only counted, for
 * there may be any number of them. The rest is the script's to say, and so are the bodies.
 */
export const extentOf = ({ run }: Answered, view: RunView): Extent => {
  if (view.outcome.kind === "unavailable") return "nothing";
  const wishes = run?.wishes;
  const unwanted = wishes?.skipRequest === true || wishes?.journal.keep === false;
  if (unwanted && !hasFailed(view)) return "nothing";
  return wishes?.journal.bodies === false ? "head" : "whole";
};

/** About how many bytes it takes to keep it here until it is recorded, `most` of each body. */
export const weightOf = ({ request, response, view, legs }: Recordable, most: number): number => {
  const HEAD = 1_024;
  const lengthOf = (headers: HeaderPairs): number =>
    headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const logs = view.logs.reduce((sum, { text }) => sum + text.length, 0);
  const egress = view.egress.reduce((sum, { url, error }) => sum + url.length + (error?.length ?? 0), 0);
  const bytesOf = (body: LegBody): number => (body === "same" ? 0 : Math.min(body.bytes?.length ?? 0, most));
  const messages = [request, response, ...(legs === null ? [] : [legs.request, legs.response])];
  return messages.reduce(
    (sum, message) => sum + (message === null ? 0 : lengthOf(message.headers) + bytesOf(message.body)),
    HEAD + request.url.length + (legs?.request.url.length ?? 0) + logs + egress,
  );
};

const bodyOf = ({ bytes, size, whole }: RecordableBody, extent: Extent, most: number): KeptBody =>
  extent === "whole" ? cutBody(bytes, most, size, whole) : { bytes: null, size, truncated: size > 0 };

const upstreamOf = ({ request, response, ...rest }: Legs, extent: Extent, most: number): KeptUpstream => {
  const kept = (body: LegBody): KeptLegBody => (body === "same" ? body : bodyOf(body, extent, most));
  return {
    ...rest,
    request: { ...request, body: kept(request.body) },
    response: response && { ...response, body: kept(response.body) },
  };
};

export const exchangeOf = (
  answered: Answered,
  { request, response, view, legs }: Recordable,
  extent: Extent,
): Exchange => {
  const { hit, answeredAt, account } = answered;
  const { requestId, receivedAt, method, client } = hit;
  const { url, path, rawQuery, headers, masked } = request;
  const most = account.limits.journalBodyBytes;
  return {
    id: requestId,
    at: receivedAt,
    durationMs: Math.max(0, answeredAt - receivedAt),
    request: {
      method,
      url,
      path,
      rawQuery,
      headers,
      body: bodyOf(request.body, extent, most),
      client,
      ...(masked.length === 0 ? {} : { masked }),
    },
    response: {
      status: answered.response.status,
      headers: response.headers,
      body: bodyOf(response.body, extent, most),
    },
    run: view,
    upstream: legs && upstreamOf(legs, extent, most),
    replayOf: answered.replayOf ?? null,
    pinned: false,
  };
};
