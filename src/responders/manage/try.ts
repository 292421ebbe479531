import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { type HeaderPairs, SET_BY_PLATFORM } from "../../lib/headers.ts";
import { newId } from "../../lib/id.ts";
import { PROBLEM_TYPE, problemBody } from "../../lib/problem.ts";
import { shownBody } from "../body.ts";
import type { ShownBody } from "../body.ts";
import type { Hit } from "../hit.ts";
import { respond } from "../respond.ts";
import type { Responded } from "../respond.ts";
import { routedUpstream } from "../proxy/routed-upstream.ts";
import { type WholeEnding, wholeEnding } from "../proxy/whole-ending.ts";
import { hitView } from "../run-view.ts";
import type { RunView } from "../run-view.ts";
import { openLibrary } from "../../scripts/index.ts";
import { grantedNames, routedSecrets } from "../grants/granted-names.ts";
import { grantHit } from "../grants/hit-grants.ts";
import { type Answer, redactAnswer } from "../grants/redact.ts";
import { compileScript, type Nameable } from "./compile-script.ts";
import { defineNamed } from "./define-named.ts";
import type { Definition } from "./definition.ts";
import { NO_STATE, savedState } from "../state/trial-base.ts";
import { stateOfTrial } from "../state/trial-state.ts";
import type { ManageDeps } from "./deps.ts";
import type { ResponderInput } from "./input.ts";
import { definitionOf, noResponder } from "./responder.ts";
import type { Warning } from "./responder.ts";
import { secretHeadsFor } from "./secret-heads.ts";
import { refuseExposure, requireUse, requireUseOf } from "./secret-scopes.ts";
import { findResponder } from "./store.ts";
import { trialHit } from "./trial-hit.ts";
import type { TrialRequest } from "./trial-hit.ts";
import { definitionWarnings } from "./warnings.ts";

/** What a sender would have got, and what its owner is told. Nothing of it is recorded. */
export interface Trial {
  readonly response: { readonly status: number; readonly headers: HeaderPairs; readonly body: ShownBody };
  readonly run: RunView;
  readonly warnings: readonly Warning[];
}

/** Fixed, so that a trial repeats exactly: the same fuel, the same `Math.random`. */
const SEED = Uint8Array.from({ length: 16 }, (_, place) => place);

const hasNoBody = (status: number, method: string): boolean =>
  method === "HEAD" || status === 204 || status === 205 || status === 304;

/** The sender's answer, without what the platform adds to it (`date`, `content-length`, `x-request-id`). */
const answerOf = (ending: WholeEnding, hit: Hit): Answer => {
  if (ending.kind === "no-match") throw noResponder();
  if (ending.kind === "failed") {
    const { problem, retryAfterSeconds } = ending;
    const headers: HeaderPairs = [
      ["content-type", PROBLEM_TYPE],
      ...(retryAfterSeconds === null ? [] : [["retry-after", String(retryAfterSeconds)] as const]),
    ];
    return { status: problem.status, headers, body: problemBody(problem, hit.requestId) };
  }
  const { status, body } = ending.reply;
  const headers = ending.reply.headers.filter(([name]) => !SET_BY_PLATFORM.has(name.toLowerCase()));
  return { status, headers, body: hasNoBody(status, hit.method) ? null : body };
};

const viewOf = async ({ run, forwarding }: Responded): Promise<RunView> =>
  hitView(run && { outcome: await run.end, egress: run.egress() }, forwarding && forwarding.report().outcome);

const shownAnswer = ({ status, headers, body }: Answer): Trial["response"] => ({
  status,
  headers,
  body: shownBody(body, headers),
});

const attempt = async (
  deps: ManageDeps,
  { account }: Principal,
  responder: { readonly id: string; readonly definition: Definition; readonly saved: boolean },
  request: TrialRequest,
  nameable: Nameable,
  under = "",
): Promise<Trial> => {
  const { id, definition, saved } = responder;
  const now = deps.now();
  const { hit, params } = trialHit(request, {
    definition,
    limits: account.limits,
    requestId: newId("exc", now),
    now,
    urlOf: (path) => deps.urlOf(account.handle, definition.label, path),
  });
  const { linked, warnings } = await compileScript(deps, account, definition, nameable, under);
  const secrets = routedSecrets(definition.secrets);
  const granted = await grantHit(deps, account.id, secrets);
  const program = linked?.program ?? null;
  const responded = await respond(
    {
      ...deps,
      loadProgram: () => Promise.resolve(program ?? undefined),
      loadResponse: () => Promise.resolve(definition.response),
      // What is tried reads what is there, and leaves it as it is.
      stateFor: (run) =>
        stateOfTrial({ base: saved ? savedState(deps, run) : NO_STATE, limits: run.limits, now: deps.now }),
    },
    {
      responder: {
        id,
        name: definition.name,
        response: { kind: "inline", response: definition.response },
        interpolate: definition.response.interpolate,
        secrets,
        program: program === null ? null : { hash: "", form: program.form },
        kv: definition.kv,
        upstream: routedUpstream(definition),
        keep: 0,
        egress: definition.egress,
      },
      params,
      account,
    },
    granted,
    hit,
    { seed: SEED },
  );
  const ending = await wholeEnding(responded, account.limits.answerBodyBytes);
  // Of the whole run: what `waitUntil` still did and logged is what its owner wants to see.
  const run = await viewOf(responded);
  const { redact } = granted;
  const names = grantedNames(definition.secrets, nameable.secrets);
  return {
    response: shownAnswer(await redactAnswer(answerOf(ending, hit), redact)),
    run: redact === null ? run : redact.view(run),
    warnings: [...definitionWarnings(definition, names, deps.refusalOf), ...warnings].map((warning) =>
      Object.assign({}, warning, { path: `${under}${warning.path}` }),
    ),
  };
};

/** A saved responder on a made-up hit, disabled or not. `invalid` when the hit is not one that it takes. */
export const testResponder = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
  request: TrialRequest,
): Promise<Trial> => {
  requireScope(principal, "responders:write");
  const row = await findResponder(deps.db, principal.account.id, id);
  if (row === undefined) throw noResponder();
  const { account } = principal;
  const definition = definitionOf(row);
  requireUse(principal, definition);
  const nameable = {
    library: openLibrary(deps.db, account.id),
    secrets: await secretHeadsFor(deps, account.id, definition),
  };
  return attempt(deps, principal, { id, definition, saved: true }, request, nameable);
};

/** A responder that is not saved, checked as a create would; names and routes that are taken do not matter. */
export const runUnsaved = async (
  deps: ManageDeps,
  principal: Principal,
  input: ResponderInput,
  request: TrialRequest,
): Promise<Trial> => {
  requireScope(principal, "responders:write");
  requireUseOf(principal, input);
  const { definition, nameable } = await defineNamed(deps, principal.account, input, { under: "responder." });
  refuseExposure(definition, "responder.");
  const id = newId("rsp", deps.now());
  const responder = { id, definition, saved: false };
  return attempt(deps, principal, responder, request, nameable, "responder.");
};
