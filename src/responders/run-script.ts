import {
  type Capability,
  openRunBodies,
  type RunBodies,
  http,
  kv,
  type KvStore,
  NO_FIGURES,
} from "../runtime/index.ts";
import {
  type Execute,
  type ExecuteRequest,
  type Execution,
  type Program,
  shareOf,
} from "../scripts/index.ts";
import { reachOf } from "./egress/granted.ts";
import type { EgressEntry } from "./egress/log.ts";
import { type EgressDeps, openRunEgress } from "./egress/powers.ts";
import { failureOf } from "./failure.ts";
import type { HitGrants } from "./grants/hit-grants.ts";
import { type Prepared, prepareRun, type RunSecretsDeps } from "./grants/run-secrets.ts";
import type { Hit } from "./hit.ts";
import type { Matched, Outcome, Responded } from "./respond.ts";
import { kvLimits, type RunOfState } from "./state/run-state.ts";

export interface RunScriptDeps extends RunSecretsDeps, EgressDeps {
  readonly execute: Execute;
  /** The state that a run of the responder's script sees. */
  readonly stateFor: (run: RunOfState) => KvStore;
}

/** A hit whose responder has a script, and what both may use. */
export interface ScriptedHit extends Matched {
  readonly program: Program;
  readonly granted: HitGrants;
  /** As it came. */
  readonly received: Hit;
  readonly seed: Uint8Array | undefined;
}

/** What the hooks of a script need besides. */
export interface RunMore {
  readonly upstream?: ExecuteRequest["upstream"];
  /** Powers that use the run's bodies. */
  readonly grantsWith?: (bodies: RunBodies) => readonly Capability[];
}

export interface StartedScript {
  readonly execution: Execution;
  /** What it has sent until now. */
  readonly egress: () => readonly EgressEntry[];
}

export const NOTHING_SENT = (): readonly EgressEntry[] => [];

/** A run that was not begun: its owner is told why, its sender that it failed. */
export const stopped = (name: string, message: string): Responded => {
  const error = { name, message, stack: "", line: null, column: null };
  const outcome: Outcome = { kind: "threw", error, ...NO_FIGURES };
  const run = { outcome, end: Promise.resolve(outcome), wishes: null, egress: NOTHING_SENT };
  return { ending: failureOf(outcome), run, forwarding: null };
};

/** The hit as the script is to see it, with the secrets that it has. */
export const prepareScript = (deps: RunSecretsDeps, { account, granted, received }: ScriptedHit): Prepared =>
  prepareRun(deps, account.id, granted, received);

export const startScript = (
  deps: RunScriptDeps,
  scripted: ScriptedHit,
  { hit, secrets }: Prepared,
  { upstream, grantsWith }: RunMore = {},
): StartedScript => {
  const { responder, params, account, program, granted, seed } = scripted;
  const { requestId, method, url, path, rawQuery, headers, body, client, replay } = hit;
  const { id, name } = responder;
  const { limits } = account;
  const caller = { hops: hit.hops, reach: reachOf(responder.egress) };
  const egress =
    caller.reach.kind === "none" ? null : openRunEgress(deps, { accountId: account.id, caller, granted });
  const bodies = openRunBodies();
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
    grants: [
      ...(responder.kv ? [kv(deps.stateFor({ responderId: id, requestId, limits }), kvLimits(limits))] : []),
      ...(egress === null ? [] : [http(egress.powers, limits, body === null ? [] : [body], bodies)]),
      ...(grantsWith?.(bodies) ?? []),
    ],
    ...(secrets === undefined ? {} : { secrets }),
    ...(upstream === undefined ? {} : { upstream }),
    ...(seed === undefined ? {} : { seed }),
  });
  return { execution, egress: egress?.entries ?? NOTHING_SENT };
};
