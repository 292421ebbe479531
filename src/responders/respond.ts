import type { TierLimits } from "../accounts/index.ts";
import { kv, type KvStore, NO_FIGURES } from "../runtime/index.ts";
import { shareOf } from "../scripts/index.ts";
import { namesInTemplate } from "../secrets/index.ts";
import type { Execute, Program, ScriptAnswer, ScriptWishes } from "../scripts/index.ts";
import { bytesOf } from "./body.ts";
import { failureOf } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Hit, Rejection, Reply } from "./hit.ts";
import { fillResponse } from "./grants/fill-response.ts";
import type { RoutedSecrets } from "./grants/grant.ts";
import type { HitGrants } from "./grants/hit-grants.ts";
import { prepareRun, type RunSecretsDeps } from "./grants/run-secrets.ts";
import { layOver } from "./lay-over.ts";
import { forward, type ForwardDeps } from "./proxy/forward.ts";
import type { Forwarded } from "./proxy/forwarded.ts";
import { type RawRequest, rawOfHit } from "./proxy/raw-request.ts";
import type { Forwarding } from "./proxy/report.ts";
import type { Upstream } from "./proxy/upstream.ts";
import { type Content, OVERTAKEN } from "./routing/content.ts";
import type { Params } from "./routing/match.ts";
import type { DefaultResponse, RoutedProgram, RoutedResponse } from "./routing/routes.ts";
import { kvLimits, type RunOfState } from "./state/run-state.ts";

/** The outcome of a script's run, with its figures. */
export type Outcome = Awaited<ReturnType<Execute>["end"]>;

export interface RespondDeps extends RunSecretsDeps, ForwardDeps {
  readonly execute: Execute;
  /** `undefined`: the responder is gone, or has none any more. */
  readonly loadProgram: Content<Program>["load"];
  readonly loadResponse: Content<DefaultResponse>["load"];
  /** The state that a run of the responder's script sees. */
  readonly stateFor: (run: RunOfState) => KvStore;
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
}

/** A default response as it goes out. */
export const replyOf = ({ status, headers, body }: DefaultResponse): Reply => ({
  status,
  headers,
  body: bytesOf(body) ?? null,
});

const answered = (answer: ScriptAnswer, base: Reply, hit: Hit): Reply => {
  const bodyOf = (body: Extract<ScriptAnswer, { kind: "response" }>["body"]): Reply["body"] =>
    body === null || body instanceof Uint8Array ? body : hit.body;
  switch (answer.kind) {
    case "none":
      return base;
    case "response":
      return { status: answer.status, headers: answer.headers, body: bodyOf(answer.body) };
    case "reply":
      return layOver(base, answer, bodyOf);
  }
};

/** A run that was not begun: its owner is told why, its sender that it failed. */
const stopped = (name: string, message: string): Responded => {
  const error = { name, message, stack: "", line: null, column: null };
  const outcome: Outcome = { kind: "threw", error, ...NO_FIGURES };
  const run = { outcome, end: Promise.resolve(outcome), wishes: null };
  return { ending: failureOf(outcome), run, forwarding: null };
};

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
  const { hit, secrets } = prepareRun(deps, account.id, granted, received);
  const { requestId, method, url, path, rawQuery, headers, body, client, replay } = hit;
  const { id, name } = responder;
  const { limits } = account;
  const state = { responderId: id, requestId, limits };
  const execution = deps.execute({
    program,
    input: {
      requestId,
      method,
      url,
      path,
      rawQuery,
      headers,
      body,
      client,
      params,
      responder: { id, name },
      ...(replay === undefined ? {} : { replay: { of: replay.of, at: replay.at } }),
    },
    limits,
    share: shareOf(account, id),
    grants: responder.kv ? [kv(deps.stateFor(state), kvLimits(limits))] : [],
    ...(secrets === undefined ? {} : { secrets }),
    ...(seed === undefined ? {} : { seed }),
  });
  const { answer, outcome } = await execution.answer;
  const run = { outcome, end: execution.end, wishes: answer?.wishes ?? null };
  if (answer === null) return { ending: failureOf(outcome), run, forwarding: null };
  return { ending: { kind: "reply", reply: answered(answer, base, hit) }, run, forwarding: null };
};
