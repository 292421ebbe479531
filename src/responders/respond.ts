import type { TierLimits } from "../accounts/index.ts";
import type { Reserve } from "../runtime/index.ts";
import type { Execute, Program, ScriptWishes } from "../scripts/index.ts";
import { namesInTemplate } from "../secrets/index.ts";
import { answered, bodyBytes } from "./answered.ts";
import { bytesOf } from "./body.ts";
import type { EgressGranted } from "./egress/granted.ts";
import type { EgressEntry } from "./egress/log.ts";
import { wholeAnswer } from "./egress/whole-answer.ts";
import type { Failure } from "./failure.ts";
import { failureOf } from "./failure.ts";
import { fillResponse } from "./grants/fill-response.ts";
import type { RoutedSecrets } from "./grants/grant.ts";
import type { HitGrants } from "./grants/hit-grants.ts";
import type { Hit, Rejection, Reply } from "./hit.ts";
import { respondHooked } from "./hooks/respond-hooked.ts";
import { forward } from "./proxy/forward.ts";
import type { Forwarded } from "./proxy/forwarded.ts";
import { hasAnswer } from "./proxy/has-answer.ts";
import { type RawRequest, rawOfHit } from "./proxy/raw-request.ts";
import type { Forwarding } from "./proxy/report.ts";
import type { ForwardDeps } from "./proxy/start-leg.ts";
import type { Upstream } from "./proxy/upstream.ts";
import { type Content, OVERTAKEN } from "./routing/content.ts";
import type { Params } from "./routing/match.ts";
import type { DefaultResponse, RoutedProgram, RoutedResponse } from "./routing/routes.ts";
import { prepareScript, type RunScriptDeps, startScript, stopped } from "./run-script.ts";

/** The outcome of a script's run, with its figures. */
export type Outcome = Awaited<ReturnType<Execute>["end"]>;

export interface RespondDeps extends RunScriptDeps, ForwardDeps {
  /** `undefined`: the responder is gone, or has none any more. */
  readonly loadProgram: Content<Program>["load"];
  readonly loadResponse: Content<DefaultResponse>["load"];
}

/** What a responder was matched with, and under whose limits it answers. */
export interface Matched {
  readonly responder: {
    readonly id: string;
    readonly name: string;
    readonly response: RoutedResponse;
    readonly interpolate: boolean;
    readonly secrets: RoutedSecrets | null;
    readonly program: RoutedProgram | null;
    readonly kv: boolean;
    readonly upstream: Upstream | null;
    readonly keep: number;
    readonly egress: EgressGranted;
  };
  readonly params: Params;
  readonly account: { readonly id: string; readonly limits: TierLimits };
}

export interface Responded {
  readonly ending:
    | { readonly kind: "reply"; readonly reply: Reply }
    | { readonly kind: "forwarded"; readonly answer: Forwarded }
    | Failure
    /** Deleted since the table was made: a 404. */
    | Extract<Rejection, { kind: "no-match" }>;
  /** `null` without a script. */
  readonly run: ResponderRun | null;
  /** What became of it at the upstream; `null` when it was not to go there. */
  readonly forwarding: Forwarding | null;
}

export interface ResponderRun {
  /** As it stood when the answer was there. */
  readonly outcome: Outcome;
  /** When `waitUntil` is over too: to be deferred. Never rejects. */
  readonly end: Promise<Outcome>;
  /** `null` when there was no answer. */
  readonly wishes: ScriptWishes | null;
  /** What it has sent until now. */
  readonly egress: () => readonly EgressEntry[];
}

/** A default response as it goes out. */
export const replyOf = ({ status, headers, body }: DefaultResponse): Reply => ({
  status,
  headers,
  body: bytesOf(body) ?? null,
});

const needsSecrets = ({ interpolate, upstream }: Matched["responder"], hasProgram: boolean): boolean =>
  hasProgram ||
  interpolate ||
  (upstream?.headers ?? []).some(([, value]) => namesInTemplate(value).length > 0);

/** The default response as it goes out, or why it cannot. */
const baseOf = (
  deps: RespondDeps,
  { responder, account }: Pick<Matched, "responder" | "account">,
  response: DefaultResponse,
  { grants }: HitGrants,
): { readonly base: Reply } | { readonly stopped: Responded } => {
  if (!responder.interpolate || grants.kind === "unopened") return { base: replyOf(response) };
  const filled = fillResponse(response, grants);
  if (filled.kind === "unfit") {
    const message = `The default response's header ${filled.header} cannot carry the text of ${filled.secrets.join(", ")}: it holds a line break, a NUL, or a character above U+00FF.`;
    return { stopped: stopped("SecretNotAllowed", message) };
  }
  if (filled.used.length > 0) deps.touchSecrets(account.id, filled.used);
  return { base: replyOf(filled.response) };
};

export interface Extras {
  /** The request as the platform has it; without, a leg is made of the hit. */
  readonly raw?: RawRequest;
  readonly seed?: Uint8Array;
}

/** What a sender gets from the responder that its hit matched. */
export const respond = async (
  deps: RespondDeps,
  { responder, params, account }: Matched,
  granted: HitGrants,
  received: Hit,
  { raw, seed }: Extras = {},
): Promise<Responded> => {
  const [response, program] = await Promise.all([
    responder.response.kind === "inline"
      ? responder.response.response
      : deps.loadResponse(responder, responder.response.hash),
    responder.program === null ? undefined : deps.loadProgram(responder, responder.program.hash),
  ]);
  if (response === undefined) return { ending: { kind: "no-match" }, run: null, forwarding: null };
  if (response === OVERTAKEN || program === OVERTAKEN) {
    return stopped("SecretUnavailable", "The grant of secrets has just been changed. Try again in a minute.");
  }
  if (granted.grants.kind === "unopened" && needsSecrets(responder, program !== undefined)) {
    const { names, reason } = granted.grants;
    return stopped("SecretUnavailable", `The secrets ${names.join(", ")} are not to be had. ${reason}`);
  }
  const { upstream, keep } = responder;
  if (upstream !== null && program === undefined) {
    const job = { upstream, account, keep, granted };
    return { ...(await forward(deps, job, received, raw ?? rawOfHit(received))), run: null };
  }
  const made = baseOf(deps, { responder, account }, response, granted);
  if ("stopped" in made) return made.stopped;
  const { base } = made;
  if (program === undefined) {
    return { ending: { kind: "reply", reply: base }, run: null, forwarding: null };
  }
  const scripted = { responder, params, account, program, granted, received, seed };
  if (upstream !== null) {
    const answersItself = upstream.mode === "spy" && hasAnswer(response);
    const asked = raw ?? rawOfHit(received);
    return respondHooked(deps, { ...scripted, upstream, raw: asked, base, answersItself });
  }
  const prepared = prepareScript(deps, scripted);
  const { execution, egress } = startScript(deps, scripted, prepared);
  const room = (): Reserve => deps.reserve(account);
  const { answer, outcome, passed, end } = await wholeAnswer(execution, account.limits, room);
  const run = { outcome, end, wishes: answer?.wishes ?? null, egress };
  // Where there is no upstream, nothing is forwarded, whatever a spoiled engine says.
  if (answer === null || answer.kind === "forward") {
    return { ending: failureOf(outcome), run, forwarding: null };
  }
  const reply = answered(answer, base, bodyBytes(received, passed));
  return { ending: { kind: "reply", reply }, run, forwarding: null };
};
