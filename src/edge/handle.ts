import { HOPS_HEADER, MAX_HOPS } from "../lib/hops.ts";
import { newId } from "../lib/id.ts";
import type { Problem } from "../lib/problem.ts";
import type { Recorder } from "../journal/index.ts";
import type { HitPowers, Rejection, Responded, Table } from "../responders/index.ts";
import type { HookEvent } from "../telemetry/index.ts";
import { captureHead, captureWhole } from "./capture.ts";
import { type Asked, hookEvent, type Trace } from "./event.ts";
import { type HookLocation, type Hosts, locate, MAX_PATH_LENGTH, pathFault } from "./locate.ts";
import { refusalOf } from "./problems.ts";
import { copyToSend, rawRequest, withBody } from "./raw.ts";
import { answered, type Sent, sentForwarded, sentProblem, sentReply } from "./sent.ts";

/** What the edge may do: read routes, have a hit answered, and tell of it afterwards. Never the database. */
export interface EdgeDeps extends HitPowers {
  readonly hosts: Hosts;
  /** The operators', which path style keeps from scripts like any key of ours. */
  readonly adminToken: string | undefined;
  readonly now: () => number;
  /** How many hooks a request has passed through, by its hop header; 0 for a header that is not signed by us. */
  readonly hopsOf: (header: string | null) => Promise<number>;
  readonly withinRate: (account: Table["account"]) => Promise<boolean>;
  /** Room in the isolate for what is held of a hit. */
  readonly reserve: (account: Table["account"]) => {
    readonly take: (bytes: number) => boolean;
    readonly release: () => void;
  };
  /** API and console; `path` is raw. */
  readonly console: (request: Request, path: string) => Promise<Response>;
  /** Never rejects. */
  readonly record: Recorder["record"];
  /** Lets work go on after the answer. */
  readonly defer: (work: Promise<unknown>) => void;
  readonly logEvent: (event: HookEvent) => void;
  readonly logError: (requestId: string, error: unknown) => void;
}

/** For as long as the rate-limit binding counts. */
const RATE_RETRY_SECONDS = 10;
const MISDIRECTED: Rejection = { kind: "misdirected" };
const NO_MATCH: Rejection = { kind: "no-match" };

const INTERNAL: Problem = { code: "internal", title: "Internal error", status: 500 };

/** A hit comes in, a response goes out. Never rejects: what nobody foresaw is a bare 500 and a line in the log. */
export const handle = async (request: Request, deps: EdgeDeps): Promise<Response> => {
  const at = locate(request.url, deps.hosts);
  if (at.kind === "console") return deps.console(request, at.path);
  const now = deps.now();
  const trace: Trace = { requestId: newId("exc", now), receivedAt: now, method: request.method };
  let sent: Sent;
  let fault = false;
  try {
    const ending = at.kind === "misdirected" ? MISDIRECTED : await pass(request, at, deps, trace);
    sent = answer(ending, at, trace);
  } catch (error) {
    deps.logError(trace.requestId, error);
    sent = sentProblem(INTERNAL, trace);
    fault = true;
  }
  const answeredAt = deps.now();
  if (trace.asked !== undefined) deps.defer(deps.record(answered(trace.asked, sent, answeredAt, fault)));
  // A script may read the body for as long as it runs, and a stream goes on; what waits to be recorded has a bound of its own.
  const ends = [trace.asked?.run?.end, trace.asked?.forwarding?.end].filter((end) => end !== undefined);
  if (ends.length === 0) trace.release?.();
  else deps.defer(Promise.all(ends).finally(trace.release));
  deps.logEvent(hookEvent(trace, sent.response, answeredAt));
  return sent.response;
};

type Ending = Responded["ending"] | Rejection;

const pass = async (request: Request, at: HookLocation, deps: EdgeDeps, trace: Trace): Promise<Ending> => {
  if (at.path.length > MAX_PATH_LENGTH) return { kind: "path-too-long" };
  const fault = pathFault(at.path);
  if (fault !== undefined) return { kind: "bad-path", detail: fault };
  const hops = await deps.hopsOf(request.headers.get(HOPS_HEADER));
  // Before anything is read: a loop must cost as little as it can.
  if (hops > MAX_HOPS) return { kind: "too-many-hops" };

  const lookup = await deps.find(at.handle);
  if (lookup.kind === "unknown") return NO_MATCH;
  if (lookup.kind === "unreadable") return { kind: "overloaded", retryAfterSeconds: 1 };
  const { account } = lookup.table;
  trace.accountId = account.id;
  if (account.suspended) return { kind: "suspended" };
  if (!(await deps.withinRate(account))) return { kind: "too-many", retryAfterSeconds: RATE_RETRY_SECONDS };

  const match = lookup.table.match(at.label, request.method, at.path);
  if (match.kind !== "matched") {
    const rejection: Rejection = match.kind === "unmatched" ? NO_MATCH : match;
    const { requestId, receivedAt, method } = trace;
    const status = match.kind === "unmatched" ? 404 : 405;
    const missed = { requestId, at: receivedAt, method, label: at.label, path: at.path, status } as const;
    deps.defer(deps.recordUnmatched(lookup.table, missed));
    return rejection;
  }
  const { responder, params } = match;
  trace.responderId = responder.id;

  const granted = await deps.grant({ responder, account });
  const room = deps.reserve(account);
  trace.release = room.release;
  const arrival = { ...trace, hops };
  const head = captureHead(request, at, arrival, deps.adminToken);
  // What is only passed on is not read; what a script may read is, and goes on as it was read.
  const streams = responder.upstream !== null && responder.program === null;
  const sendable = streams ? request : copyToSend(request);
  const passed = responder.upstream === null ? null : rawRequest(sendable, at, deps.adminToken, room.take);
  const { hit, refused } = streams
    ? { hit: head, refused: null }
    : await captureWhole(request, head, account.limits, room.take);
  const asked: Asked = {
    responder,
    account,
    hit,
    refusedBytes: refused?.size ?? 0,
    redact: granted.redact,
    run: null,
    forwarding: null,
  };
  trace.asked = asked;
  if (refused !== null) return refused.rejection;
  if (!streams) trace.requestBytes = hit.body?.length ?? 0;

  const raw = passed === null || streams ? passed : withBody(passed, hit.body);
  const { ending, run, forwarding } = await deps.respond({ responder, params, account }, granted, hit, raw);
  trace.outcome = run?.outcome ?? forwarding?.report().outcome ?? "static";
  trace.asked = { ...asked, run, forwarding };
  // Deleted meanwhile: there is nobody any more to keep it for.
  if (ending.kind === "no-match") delete trace.asked;
  return ending;
};

const answer = (ending: Ending, at: HookLocation | { kind: "misdirected" }, trace: Trace): Sent => {
  if (at.kind === "hook" && (ending.kind === "reply" || ending.kind === "forwarded")) {
    const context = { method: trace.method, style: at.style, requestId: trace.requestId };
    if (ending.kind === "forwarded") return sentForwarded(ending.answer, context);
    trace.responseBytes = ending.reply.body?.length ?? 0;
    return sentReply(ending.reply, context);
  }
  if (ending.kind === "failed") {
    const { problem, retryAfterSeconds } = ending;
    return sentProblem(
      problem,
      trace,
      retryAfterSeconds === null ? [] : [["retry-after", String(retryAfterSeconds)]],
    );
  }
  if (ending.kind === "reply" || ending.kind === "forwarded") throw new Error("an answer without a hook");
  trace.rejection = ending.kind;
  const { problem, headers } = refusalOf(ending);
  return sentProblem(problem, trace, headers);
};
