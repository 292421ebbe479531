import { figuresOf, forward } from "../../runtime/index.ts";
import type { ScriptAnswer } from "../../scripts/index.ts";
import { answered, bodyBytes } from "../answered.ts";
import { wholeAnswer } from "../egress/whole-answer.ts";
import { failureOf } from "../failure.ts";
import type { Reply } from "../hit.ts";
import { type ForwardDeps, type ForwardEnding, passLeg } from "../proxy/start-leg.ts";
import type { RawRequest } from "../proxy/raw-request.ts";
import type { Upstream } from "../proxy/upstream.ts";
import type { Outcome, Responded } from "../respond.ts";
import { prepareScript, type RunScriptDeps, type ScriptedHit, startScript } from "../run-script.ts";
import { type HookedLeg, openLeg, passedOf } from "./hooked-leg.ts";
import { isUpstreams, passAnswer } from "./pass-answer.ts";

export interface Hooked extends ScriptedHit {
  readonly upstream: Upstream;
  readonly raw: RawRequest;
  /** The default response, for a script that answers itself. */
  readonly base: Reply;
  /** …and for one that gives no answer. */
  readonly answersItself: boolean;
}

type Ended = Pick<Responded, "ending" | "forwarding">;

const unfit = (outcome: Outcome, message: string): Outcome => ({
  kind: "unusable",
  reason: "bad-result",
  error: { name: "BadResult", message, stack: "", line: null, column: null },
  ...figuresOf(outcome),
});

/** A hook has failed: it is an error, or what it was given goes on as it was. */
const withoutHook = async (leg: HookedLeg, outcome: Outcome, { onHookError }: Upstream): Promise<Ended> => {
  const passes = onHookError === "pass" && outcome.kind !== "unavailable";
  const seen = await leg.seen();
  if (seen === undefined) {
    return passes ? leg.letBy() : { ending: failureOf(outcome), forwarding: null };
  }
  if (!("started" in seen)) {
    const isItsFailure = outcome.kind === "threw" && outcome.upstream !== undefined;
    const told = passLeg(seen);
    return passes || isItsFailure ? told : { ...told, ending: failureOf(outcome) };
  }
  const { started, body } = seen;
  if (passes) {
    const { answer, forwarding } = started.pass(body?.whole() ?? null);
    return { ending: { kind: "forwarded", answer }, forwarding };
  }
  const left = passedOf(seen);
  body?.drop();
  return { ending: failureOf(outcome), forwarding: started.replaced(() => left) };
};

/** `undefined`: what it wants forwarded cannot be. */
const byAnswer = async (
  leg: HookedLeg,
  answer: ScriptAnswer,
  passed: Reply["body"],
  { received, base, answersItself }: Hooked,
): Promise<Ended | ForwardEnding | { readonly unfit: string }> => {
  if (answer.kind === "forward") return leg.letGo(answer);
  const bytesOf = bodyBytes(received, passed);
  const seen = await leg.seen();
  if (seen !== undefined && "started" in seen) return passAnswer(answer, seen, bytesOf);
  if (answer.kind === "none" && !answersItself) return leg.letBy();
  return {
    ending: { kind: "reply", reply: answered(answer, base, bytesOf) },
    forwarding: seen?.forwarding ?? null,
  };
};

/** A hit that a script sees on its way to the upstream, on its way back, or both. */
export const respondHooked = async (
  deps: RunScriptDeps & ForwardDeps,
  hooked: Hooked,
): Promise<Responded> => {
  const { responder, account, program, granted, received, upstream, raw, answersItself } = hooked;
  const { keep, egress } = responder;
  const prepared = prepareScript(deps, hooked);
  const hits = { received, shown: prepared.hit, raw };
  const leg = openLeg(deps, { upstream, account, keep, granted, egress }, hits);
  const started = startScript(deps, hooked, prepared, {
    upstream: { mode: answersItself ? "spy" : "forward", waitMs: upstream.timeouts.totalMs },
    grantsWith: (bodies) => (program.handlers.includes("onResponse") ? [forward(leg.powers, bodies)] : []),
  });
  const goesOn = async (answer: ScriptAnswer): Promise<boolean> => {
    const seen = await leg.seen();
    if (seen === undefined || !("started" in seen) || !("body" in answer)) return false;
    return isUpstreams(answer.body, seen);
  };
  const whole = await wholeAnswer(started.execution, account.limits, () => deps.reserve(account), goesOn);
  const { answer, outcome, passed, end } = whole;
  const run = { outcome, end, wishes: answer?.wishes ?? null, egress: started.egress };
  if (answer === null) return { ...(await withoutHook(leg, outcome, upstream)), run };
  const ended = await byAnswer(leg, answer, passed, hooked);
  if (!("unfit" in ended)) return { ...ended, run };
  const judged = unfit(outcome, ended.unfit);
  const last = end.then((final) => (final.kind === "returned" ? unfit(final, ended.unfit) : final));
  return { ...(await withoutHook(leg, judged, upstream)), run: { ...run, outcome: judged, end: last } };
};
