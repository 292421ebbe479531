import type { TierLimits } from "../../accounts/index.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { NOTHING_PASSED, type Passed, type StreamEnd } from "../../lib/tap.ts";
import type { Caller, EgressAnswer, Outlet, Reach } from "../../runtime/index.ts";
import type { FillPolicy } from "../../secrets/index.ts";
import type { Failure } from "../failure.ts";
import type { HitGrants } from "../grants/hit-grants.ts";
import { fillLeg, type OwnWords } from "./fill-leg.ts";
import { brokenBy, type Forwarded, passOn } from "./forwarded.ts";
import { type Leg, type LegRequest, type LegRules, makeLeg } from "./leg.ts";
import type { RawRequest } from "./raw-request.ts";
import type { Forwarding, ForwardOutcome, ForwardReport, Legs, UpstreamReason } from "./report.ts";
import { type SentLeg, sendLeg } from "./send-leg.ts";
import { troubleOf } from "./trouble.ts";
import type { Upstream } from "./upstream.ts";

export interface ForwardDeps {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** The door out, for what one hit sends. */
  readonly openOutlet: (caller: Caller) => Outlet;
  /** Where secrets may go without encryption. */
  readonly fillPolicy: FillPolicy;
  readonly touchSecrets: (accountId: string, ids: readonly string[]) => void;
}

/** Whose hit it is, and where it goes. */
export interface ForwardJob {
  readonly upstream: Upstream;
  readonly account: {
    readonly id: string;
    readonly limits: Pick<TierLimits, "proxyBodyBytes" | "journalBodyBytes">;
  };
  /** How many exchanges are kept: for none, nothing of the bodies is. */
  readonly keep: number;
  readonly granted: HitGrants;
}

export interface ForwardEnding {
  readonly ending: { readonly kind: "forwarded"; readonly answer: Forwarded } | Failure;
  readonly forwarding: Forwarding;
}

/** A leg that is about to leave. */
export interface LegPlan {
  readonly request: LegRequest;
  /** What a script has set, of headers with its placeholders. */
  readonly words: OwnWords;
  /** The body is the sender's. */
  readonly isSame: boolean;
  readonly caller: { readonly hops: number; readonly reach: Reach };
  readonly signal: AbortSignal | null;
  readonly take: RawRequest["take"];
  /** The sender's body, where another leaves. */
  readonly received: Passed | null;
}

export type Trouble = Extract<ForwardOutcome, { kind: "upstream-failed" }>;

/** A leg whose answer, if there is one, has begun to come back. */
export type StartedLeg =
  | { readonly kind: "failed"; readonly outcome: Trouble; readonly forwarding: Forwarding }
  | {
      readonly kind: "answered";
      readonly answer: EgressAnswer;
      /** As it left, for its owner. */
      readonly request: { readonly method: string; readonly url: string; readonly headers: HeaderPairs };
      /** Passes on what came, its body by this stream. */
      readonly pass: (body: ReadableStream<Uint8Array> | null) => {
        readonly answer: Forwarded;
        readonly forwarding: Forwarding;
      };
      /** Another answer goes out; `seen`: what there was of the upstream's body. */
      readonly replaced: (seen: () => Passed) => Forwarding;
    };

/** Where secrets are looked for, more is kept than is recorded: one that the cut would part is still found. No form of one is longer. */
const SECRET_MARGIN_BYTES = 64 * 1024;
export const failed = (reason: UpstreamReason, message: string): Trouble => ({
  kind: "upstream-failed",
  reason,
  message,
});

/** Nothing leaves. `size`: of the body that was sent here. */
export const refuse = (reason: UpstreamReason, message: string, size = 0): StartedLeg => {
  const outcome = failed(reason, message);
  const received: Passed = size === 0 ? NOTHING_PASSED : { bytes: null, size, whole: false };
  const report: ForwardReport = { outcome, legs: null, received, sent: null };
  return { kind: "failed", outcome, forwarding: { report: () => report, end: Promise.resolve() } };
};

const outcomeAt = (end: StreamEnd | undefined): ForwardOutcome => {
  if (end?.kind !== "failed") return { kind: "forwarded" };
  const { reason, message } = brokenBy(end.error);
  // That is the sender's doing.
  return reason === "aborted" ? { kind: "forwarded" } : failed(reason, message);
};

/** What is told of a leg, whatever came of it. */
interface Told {
  readonly leg: Leg;
  readonly plan: LegPlan;
  readonly legs: () => Omit<Legs, "response">;
}

const toldOf = (leg: Leg, plan: LegPlan, { attempts }: SentLeg, now: number): Told => {
  const { method, url, shownHeaders: headers } = leg;
  return {
    leg,
    plan,
    legs: () => ({
      request: { method, url, headers, body: plan.isSame ? "same" : leg.passed() },
      attempts,
      durationMs: now - (attempts[0]?.at ?? now),
      error: null,
      unfinished: false,
    }),
  };
};

const receivedOf = ({ leg, plan }: Told): Passed => plan.received ?? leg.passed();

/** There is no answer that could be passed on. `answer`: what came instead. */
const withoutAnswer = (told: Told, outcome: Trouble, answer: EgressAnswer | null): StartedLeg => {
  const response = answer && { status: answer.status, headers: [...answer.headers], body: NOTHING_PASSED };
  const report = (): ForwardReport => ({
    outcome,
    legs: { ...told.legs(), response, error: outcome.message },
    received: receivedOf(told),
    sent: null,
  });
  return { kind: "failed", outcome, forwarding: { report, end: Promise.resolve() } };
};

const headOf = ({ status, headers }: EgressAnswer) => ({ status, headers: [...headers] });

const withAnswer = (told: Told, answer: EgressAnswer, rules: LegRules, now: () => number): StartedLeg => {
  const { leg, legs } = told;
  const beganAt = legs().attempts[0]?.at ?? now();
  const head = headOf(answer);
  return {
    kind: "answered",
    answer,
    request: { method: leg.method, url: leg.url, headers: leg.shownHeaders },
    pass: (body) => {
      const keeping = { keep: rules.keepBytes, take: rules.take };
      const { forwarded, passed, end } = passOn({ ...answer, body }, leg.method, keeping);
      let ended: { readonly at: number; readonly how: StreamEnd } | undefined;
      const over = end.then((how) => (ended = { at: now(), how }));
      const report = (): ForwardReport => {
        const outcome = outcomeAt(ended?.how);
        return {
          outcome,
          legs: {
            ...legs(),
            response: { ...head, body: "same" },
            durationMs: (ended?.at ?? now()) - beganAt,
            error: outcome.kind === "forwarded" ? null : outcome.message,
            unfinished: outcome.kind === "forwarded" && ended?.how.kind !== "complete",
          },
          received: receivedOf(told),
          sent: passed(),
        };
      };
      return { answer: forwarded, forwarding: { report, end: over } };
    },
    replaced: (seen) => {
      const durationMs = now() - beganAt;
      const report = (): ForwardReport => ({
        outcome: { kind: "forwarded" },
        legs: { ...legs(), response: { ...head, body: seen() }, durationMs },
        received: receivedOf(told),
        sent: null,
      });
      return { report, end: Promise.resolve() };
    },
  };
};

/** Sends a leg, and waits for the head of its answer. Never rejects. */
export const startLeg = async (deps: ForwardDeps, job: ForwardJob, plan: LegPlan): Promise<StartedLeg> => {
  const { upstream, account, keep, granted } = job;
  const { words, caller, take, signal } = plan;
  const { proxyBodyBytes, journalBodyBytes } = account.limits;
  const margin = granted.redact === null ? 0 : SECRET_MARGIN_BYTES;
  const keepBytes = keep === 0 ? 0 : journalBodyBytes + margin;
  const rules: LegRules = { keepBytes, mostBytes: proxyBodyBytes, take };
  const leg = makeLeg(plan.request, rules);
  const used = (ids: readonly string[]): void => deps.touchSecrets(account.id, ids);
  const own = { ...words, headers: [...plan.request.own.filled, ...words.headers] };
  const hasOwn = own.headers.length > 0 || own.url || own.body !== null;
  const sentLeg = await sendLeg({ ...deps, outlet: deps.openOutlet(caller) }, leg, {
    upstream,
    mostBytes: proxyBodyBytes,
    signal,
    secrets: hasOwn ? fillLeg(own, granted, deps.fillPolicy, used) : null,
  });
  const { sent } = sentLeg;
  const told = toldOf(leg, plan, sentLeg, deps.now());
  if (sent.kind === "failed") {
    const isTooLong = leg.passed().size > proxyBodyBytes;
    const outcome = isTooLong
      ? failed("request-too-large", `A body may have ${proxyBodyBytes} bytes.`)
      : failed(sent.failure.kind, sent.failure.message);
    return withoutAnswer(told, outcome, null);
  }
  const { answer } = sent;
  if (answer.status < 200 || answer.status > 599) {
    await answer.body?.cancel().catch(() => undefined);
    const message = `The upstream answered ${answer.status}, which the platform cannot pass on.`;
    return withoutAnswer(told, failed("status", message), answer);
  }
  return withAnswer(told, answer, rules, deps.now);
};

/** As it came. */
export const passLeg = (started: StartedLeg): ForwardEnding => {
  if (started.kind === "failed") {
    return { ending: troubleOf(started.outcome), forwarding: started.forwarding };
  }
  const { answer, forwarding } = started.pass(started.answer.body);
  return { ending: { kind: "forwarded", answer }, forwarding };
};
