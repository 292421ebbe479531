import type { TierLimits } from "../accounts/index.ts";
import type { NoticeRule } from "../notifications/index.ts";
import type { HeaderPairs } from "../lib/headers.ts";
import { type Hit, type Redact, type ResponderRun, type RunView, runView } from "../responders/index.ts";
import { cutBody } from "./cut-body.ts";
import { type Exchange, hasFailed, type KeptBody } from "./exchange.ts";
import type { Recordable, RecordableBody } from "./recordable.ts";

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

/** `outcome` is that of the whole run, what it did after its answer included. */
export const runOf = ({ fault }: Answered, outcome: ResponderRun["outcome"] | null): RunView =>
  fault ? { ...runView(null), outcome: FAULT } : runView(outcome);

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

/** About how many bytes it takes to keep it here until it is recorded. */
export const weightOf = ({ hit, response, account }: Answered, view: RunView, extent: Extent): number => {
  const HEAD = 1_024;
  const most = extent === "whole" ? account.limits.journalBodyBytes : 0;
  const lengthOf = (headers: HeaderPairs): number =>
    headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const logs = view.logs.reduce((sum, { text }) => sum + text.length, 0);
  const bodies = Math.min(hit.body?.length ?? 0, most) + Math.min(response.body?.length ?? 0, most);
  return HEAD + hit.url.length + lengthOf(hit.headers) + lengthOf(response.headers) + logs + bodies;
};

const bodyOf = ({ bytes, size, whole }: RecordableBody, extent: Extent, most: number): KeptBody =>
  extent === "whole" ? cutBody(bytes, most, size, whole) : { bytes: null, size, truncated: size > 0 };

export const exchangeOf = (
  answered: Answered,
  { request, response, view }: Recordable,
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
    replayOf: answered.replayOf ?? null,
    pinned: false,
  };
};
