import type { Account, Principal } from "../accounts/index.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { type HeaderPairs, isBodyless } from "../lib/headers.ts";
import { newId } from "../lib/id.ts";
import { problemBody, problemResponse } from "../lib/problem.ts";
import {
  type Answer,
  redactAnswer,
  type Replayer,
  type ReplyContext,
  type Resender,
  type RunView,
  sentHead,
  type WholeEnding,
  wholeEnding,
} from "../responders/index.ts";
import { type Answered, extentOf, runOf } from "./answered.ts";
import { type ComparedAnswer, type Differences, differences } from "./difference.ts";
import type { Exchange } from "./exchange.ts";
import { noExchange, ownJournal, type OwnJournalDeps } from "./own-journal.ts";
import type { Recorder } from "./record.ts";
import { replayedHit } from "./replayed-hit.ts";
import { replayToUrl } from "./replay-to-url.ts";
import { styleOf } from "./style-of.ts";

export interface ReplayDeps extends OwnJournalDeps {
  readonly now: () => number;
  readonly openReplayer: (principal: Principal, responderId: string) => Promise<Replayer>;
  readonly openResender: (principal: Principal, responderId: string) => Promise<Resender>;
  readonly record: Recorder["record"];
}

/** `ignore`: JSON Pointers to what may differ. */
export type ReplayRequest = (
  | {
      /** `dry`: nothing is recorded, and what the script writes to its state is dropped. */
      readonly mode: "dry" | "record";
    }
  /** The request goes there, and not to the responder. */
  | { readonly mode: "url"; readonly url: string }
) & { readonly ignore: readonly string[] };

export interface Replayed {
  readonly response: ComparedAnswer;
  /** `null`: nothing was run here. */
  readonly run: RunView | null;
  readonly difference: Differences;
  /** Pointers to what was not compared, because it was not kept. */
  readonly uncompared: readonly string[];
  /** Headers of the recorded request that were not sent: credentials are for whom they were sent to. */
  readonly leftOut: readonly string[];
  /** Under which the replay is in the journal; `null` when it is not. */
  readonly exchangeId: string | null;
}

/** Why an exchange cannot be replayed, as a sentence; with `path` it is what was asked for that cannot be. */
export interface Unfit {
  readonly unfit: string;
  readonly path?: "url";
}

/** Where one answer is shown, and where many are. */
export const MOST_DIFFERENCES = 1_000;

const hasNoBody = (method: string, status: number): boolean => method === "HEAD" || isBodyless(status);

/** What the sender would get, in the form in which the journal has what a sender got. */
const answerOf = (ending: WholeEnding, context: ReplyContext): Answer => {
  if (ending.kind === "no-match") throw noExchange();
  if (ending.kind === "failed") {
    const { problem, retryAfterSeconds } = ending;
    const more = retryAfterSeconds === null ? [] : [["retry-after", String(retryAfterSeconds)] as const];
    const { headers, status } = problemResponse(problem, context.requestId, more);
    const body = hasNoBody(context.method, status) ? null : problemBody(problem, context.requestId);
    return { status, headers: [...headers], body };
  }
  const { status, body } = ending.reply;
  const headers: HeaderPairs = [...sentHead(ending.reply, context)];
  return { status, headers, body: hasNoBody(context.method, status) ? null : body };
};

/** Answers an exchange's request once more, and compares. */
const answerAgain = async (
  { now, record }: Pick<ReplayDeps, "now" | "record">,
  account: Account,
  replayer: Replayer,
  exchange: Exchange,
  { mode, ignore }: Exclude<ReplayRequest, { readonly mode: "url" }>,
  most: number,
): Promise<Replayed | Unfit> => {
  const { request, response } = exchange;
  const requestId = newId("exc", now());
  const hit = replayedHit(exchange, requestId, now());
  const responded = await replayer.answer(hit, mode === "record" ? "live" : "dry");
  const answeredAt = now();
  if (responded === "not-taken") {
    return { unfit: `The responder's route does not take ${request.method} ${request.path} any more.` };
  }
  if (responded === "reaches-out") {
    return { unfit: "It would call the upstream, which a dry replay does not: replay it with `record`." };
  }
  const { run, redact, forwarding } = responded;
  const ending = await wholeEnding(responded, account.limits.answerBodyBytes);
  const context = { method: request.method, style: styleOf(request) };
  const answer = answerOf(ending, { ...context, requestId });
  const answered: Answered = {
    // Whoever replays knows of it.
    responder: { id: replayer.id, keep: replayer.keep, notify: null },
    account,
    hit,
    refusedBytes: 0,
    answeredAt,
    response: answer,
    redact,
    run,
    forwarding,
    fault: false,
    replayOf: exchange.id,
  };
  const outcome = forwarding?.report().outcome ?? null;
  const ran = runOf(answered, run === null ? null : await run.end, outcome);
  const view = redact === null ? ran : redact.view(ran);
  if (mode === "record") await record(answered);
  const isKept = mode === "record" && replayer.keep > 0 && extentOf(answered, view) !== "nothing";
  const uncompared = response.body.truncated ? ["/body"] : [];
  // As if it had the id of the first: where only that differs, nothing does.
  const alike = await redactAnswer(answerOf(ending, { ...context, requestId: exchange.id }), redact);
  const before = { status: response.status, headers: response.headers, body: response.body.bytes };
  return {
    response: await redactAnswer(answer, redact),
    run: view,
    difference: differences(before, alike, [...ignore, ...uncompared], most),
    uncompared,
    leftOut: [],
    exchangeId: isKept ? requestId : null,
  };
};

type Replay = (exchange: Exchange) => Promise<Replayed | Unfit>;

const onlyWhole =
  (replay: Replay): Replay =>
  async (exchange) => {
    const { truncated, bytes, size } = exchange.request.body;
    return truncated
      ? { unfit: `Of the request's body only ${bytes?.length ?? 0} of ${size} bytes were kept.` }
      : replay(exchange);
  };

/** Replays exchanges of one responder, which is read once for all of them; up to `most` differences of each. */
export const openReplay = async (
  deps: ReplayDeps,
  principal: Principal,
  responderId: string,
  request: ReplayRequest,
  most: number,
): Promise<Replay> => {
  if (request.mode === "url") {
    const resender = await deps.openResender(principal, responderId);
    return onlyWhole((exchange) => replayToUrl(resender, exchange, request, deps.now(), most));
  }
  const replayer = await deps.openReplayer(principal, responderId);
  return onlyWhole((exchange) => answerAgain(deps, principal.account, replayer, exchange, request, most));
};

/** `not-found`; `conflict`, saying why it cannot be replayed; `invalid` for a URL to which it cannot. */
export const replayOne = async (
  deps: ReplayDeps,
  principal: Principal,
  responderId: string,
  id: string,
  request: ReplayRequest,
): Promise<Replayed> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:replay");
  const replay = await openReplay(deps, principal, responderId, request, MOST_DIFFERENCES);
  const exchange = await ask((log) => log.read(id));
  if (exchange === null) throw noExchange();
  const replayed = await replay(exchange);
  if (!("unfit" in replayed)) return replayed;
  if (replayed.path !== undefined) throw invalid(replayed.path, replayed.unfit);
  throw new AppError("conflict", `This exchange cannot be replayed. ${replayed.unfit}`);
};
