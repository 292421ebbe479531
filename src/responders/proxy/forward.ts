import type { TierLimits } from "../../accounts/index.ts";
import { NOTHING_PASSED, type Passed, type StreamEnd } from "../../lib/tap.ts";
import type { Caller, EgressAnswer, Outlet } from "../../runtime/index.ts";
import type { FillPolicy } from "../../secrets/index.ts";
import type { Failure } from "../failure.ts";
import type { HitGrants } from "../grants/hit-grants.ts";
import type { Hit } from "../hit.ts";
import { fillLeg, withPlaceholders } from "./fill-leg.ts";
import { brokenBy, type Forwarded, passOn } from "./forwarded.ts";
import { toLegHeaders } from "./leg-headers.ts";
import { type Leg, type LegRules, makeLeg } from "./leg.ts";
import type { RawRequest } from "./raw-request.ts";
import type { Forwarding, ForwardOutcome, ForwardReport, Legs, UpstreamReason } from "./report.ts";
import { type SentLeg, sendLeg } from "./send-leg.ts";
import { troubleOf } from "./trouble.ts";
import type { Upstream } from "./upstream.ts";
import { upstreamUrl } from "./upstream-url.ts";

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

/** Where secrets are looked for, more is kept than is recorded: one that the cut would part is still found. No form of one is longer. */
const SECRET_MARGIN_BYTES = 64 * 1024;
/** They would make an upstream open a tunnel, or show what was filled in. */
const NOT_FORWARDED: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

const failed = (
  reason: UpstreamReason,
  message: string,
): Extract<ForwardOutcome, { kind: "upstream-failed" }> => ({
  kind: "upstream-failed",
  reason,
  message,
});

/** Nothing leaves. */
const refuse = (reason: UpstreamReason, message: string, size = 0): ForwardEnding => {
  const outcome = failed(reason, message);
  const received: Passed = size === 0 ? NOTHING_PASSED : { bytes: null, size, whole: false };
  const report: ForwardReport = { outcome, legs: null, received, sent: null };
  return { ending: troubleOf(outcome), forwarding: { report: () => report, end: Promise.resolve() } };
};

const announcedSize = ({ body }: RawRequest): number =>
  body === null ? 0 : body.kind === "bytes" ? body.bytes.length : (body.length ?? 0);

const legsOf = (leg: Leg, { attempts }: SentLeg, now: number): Omit<Legs, "response"> => ({
  request: { method: leg.method, url: leg.url, headers: leg.shownHeaders, body: "same" },
  attempts,
  durationMs: now - (attempts[0]?.at ?? now),
  error: null,
  unfinished: false,
});

/** There is no answer that could be passed on. `answer`: what came instead. */
const withoutAnswer = (
  leg: Leg,
  legs: Omit<Legs, "response">,
  outcome: Extract<ForwardOutcome, { kind: "upstream-failed" }>,
  answer: EgressAnswer | null,
): ForwardEnding => {
  const response = answer && { status: answer.status, headers: [...answer.headers], body: NOTHING_PASSED };
  const report = (): ForwardReport => ({
    outcome,
    legs: { ...legs, response, error: outcome.message },
    received: leg.passed(),
    sent: null,
  });
  return { ending: troubleOf(outcome), forwarding: { report, end: Promise.resolve() } };
};

const outcomeAt = (end: StreamEnd | undefined): ForwardOutcome => {
  if (end?.kind !== "failed") return { kind: "forwarded" };
  const { reason, message } = brokenBy(end.error);
  // That is the sender's doing.
  return reason === "aborted" ? { kind: "forwarded" } : failed(reason, message);
};

const withAnswer = (
  leg: Leg,
  legs: Omit<Legs, "response">,
  answer: EgressAnswer,
  rules: LegRules,
  now: () => number,
): ForwardEnding => {
  const { forwarded, passed, end } = passOn(answer, leg.method, { keep: rules.keepBytes, take: rules.take });
  const response: Legs["response"] = { status: answer.status, headers: [...answer.headers], body: "same" };
  const beganAt = legs.attempts[0]?.at ?? now();
  let ended: { readonly at: number; readonly how: StreamEnd } | undefined;
  const over = end.then((how) => (ended = { at: now(), how }));
  const report = (): ForwardReport => {
    const outcome = outcomeAt(ended?.how);
    return {
      outcome,
      legs: {
        ...legs,
        response,
        durationMs: (ended?.at ?? now()) - beganAt,
        error: outcome.kind === "forwarded" ? null : outcome.message,
        unfinished: outcome.kind === "forwarded" && ended?.how.kind !== "complete",
      },
      received: leg.passed(),
      sent: passed(),
    };
  };
  return { ending: { kind: "forwarded", answer: forwarded }, forwarding: { report, end: over } };
};

/** A hit, forwarded as it came: no hook sees it on its way. */
export const forward = async (
  deps: ForwardDeps,
  { upstream, account, keep, granted }: ForwardJob,
  hit: Hit,
  raw: RawRequest,
): Promise<ForwardEnding> => {
  const { proxyBodyBytes, journalBodyBytes } = account.limits;
  const size = announcedSize(raw);
  if (NOT_FORWARDED.has(hit.method))
    return refuse("not-implemented", `${hit.method} is not forwarded.`, size);
  if (raw.headers.get("upgrade")?.toLowerCase().includes("websocket") === true) {
    return refuse("not-implemented", "WebSockets are not forwarded yet.", size);
  }
  const url = upstreamUrl(upstream.url, hit.path, hit.rawQuery);
  if (url === undefined) {
    return refuse("bad-path", "The path does not stay below that of the upstream.", size);
  }
  if (size > proxyBodyBytes) {
    return refuse("request-too-large", `A body may have ${proxyBodyBytes} bytes.`, size);
  }
  const margin = granted.redact === null ? 0 : SECRET_MARGIN_BYTES;
  const rules: LegRules = {
    keepBytes: keep === 0 ? 0 : journalBodyBytes + margin,
    mostBytes: proxyBodyBytes,
    take: raw.take,
  };
  toLegHeaders(raw.headers, hit);
  const own = withPlaceholders(upstream.headers, granted);
  const request = { method: hit.method, url, headers: raw.headers, body: raw.body };
  const leg = makeLeg(request, upstream, own, rules);
  const outlet = deps.openOutlet({ hops: hit.hops, reach: { kind: "public" } });
  const used = (ids: readonly string[]): void => deps.touchSecrets(account.id, ids);
  const secrets = own.length === 0 ? null : fillLeg(own, granted, deps.fillPolicy, used);
  const sentLeg = await sendLeg({ ...deps, outlet }, leg, {
    upstream,
    mostBytes: proxyBodyBytes,
    signal: raw.signal,
    secrets,
  });
  const { sent } = sentLeg;
  const legs = legsOf(leg, sentLeg, deps.now());
  if (sent.kind === "failed") {
    const isTooLong = leg.passed().size > proxyBodyBytes;
    const outcome = isTooLong
      ? failed("request-too-large", `A body may have ${proxyBodyBytes} bytes.`)
      : failed(sent.failure.kind, sent.failure.message);
    return withoutAnswer(leg, legs, outcome, null);
  }
  const { answer } = sent;
  if (answer.status < 200 || answer.status > 599) {
    await answer.body?.cancel().catch(() => undefined);
    const message = `The upstream answered ${answer.status}, which the platform cannot pass on.`;
    return withoutAnswer(leg, legs, failed("status", message), answer);
  }
  return withAnswer(leg, legs, answer, rules, deps.now);
};
