import { type Principal, requireScope } from "../../accounts/index.ts";
import { parseJson } from "../read.ts";
import type { Hit } from "../hit.ts";
import { respond } from "../respond.ts";
import type { Responded } from "../respond.ts";
import { openShut } from "../egress/refuse.ts";
import { openLibrary, readProgram } from "../../scripts/index.ts";
import { savedState } from "../state/trial-base.ts";
import { stateOfRun } from "../state/run-state.ts";
import { stateOfTrial } from "../state/trial-state.ts";
import { compileScript } from "./compile-script.ts";
import type { ManageDeps } from "./deps.ts";
import { definitionOf, noResponder } from "./responder.ts";
import { routedUpstream } from "../proxy/routed-upstream.ts";
import { findResponder } from "./store.ts";
import { routedSecrets } from "../grants/granted-names.ts";
import { grantReplay, type HitGrants } from "../grants/hit-grants.ts";
import { requireUse } from "./secret-scopes.ts";
import { matchOwn } from "./trial-hit.ts";

/** A responder as it is now, to answer hits of before: disabled or not, whatever routes its hooks have by now. */
export interface Replayer {
  readonly id: string;
  /** How many exchanges it keeps. */
  readonly keep: number;
  /** `dry`: what it writes to its state is dropped at the end, and it sends and forwards nothing. */
  readonly answer: (hit: Hit, mode: "dry" | "live") => Promise<Replied | Unanswered>;
}

/** `not-taken`: its route does not take such a request. `reaches-out`: it would call its upstream, and may not. */
export type Unanswered = "not-taken" | "reaches-out";

/** …and what takes the hit's secrets out of whatever is kept or shown of it. */
export type Replied = Responded & Pick<HitGrants, "redact">;

/** Read once for all the hits. Running a script at will is what a test does, and needs the scope of one. */
export const openReplayer = async (deps: ManageDeps, principal: Principal, id: string): Promise<Replayer> => {
  requireScope(principal, "responders:write");
  const { account } = principal;
  const row = await findResponder(deps.db, account.id, id);
  if (row === undefined) throw noResponder();
  const definition = definitionOf(row);
  requireUse(principal, definition);
  const stored = row.program === null ? null : readProgram(parseJson(row.program));
  const linked = async () =>
    compileScript(deps, account, definition, { library: openLibrary(deps.db, account.id), secrets: [] });
  const program = stored === undefined ? ((await linked()).linked?.program ?? null) : stored;
  const secrets = routedSecrets(definition.secrets);
  const responder = {
    id,
    name: definition.name,
    response: { kind: "inline", response: definition.response },
    interpolate: definition.response.interpolate,
    secrets,
    program: program === null ? null : { hash: "", form: program.form },
    kv: definition.kv,
    upstream: routedUpstream(definition),
    keep: definition.journal.keep,
    egress: definition.egress,
  } as const;
  return {
    id,
    keep: definition.journal.keep,
    answer: async (hit, mode) => {
      const match = matchOwn(definition, hit.method, hit.path);
      if (match.kind !== "matched") return "not-taken";
      const { upstream } = responder;
      if (mode === "dry" && upstream !== null && program === null) return "reaches-out";
      const powers = {
        ...deps,
        loadProgram: () => Promise.resolve(program ?? undefined),
        loadResponse: () => Promise.resolve(definition.response),
        openOutlet: mode === "live" ? deps.openOutlet : openShut,
        stateFor: (run: Parameters<typeof stateOfRun>[1]) =>
          mode === "live"
            ? stateOfRun(deps, run)
            : stateOfTrial({ base: savedState(deps, run), limits: run.limits, now: deps.now }),
      };
      const granted = await grantReplay(deps, account.id, secrets);
      const responded = await respond(powers, { responder, params: match.params, account }, granted, hit);
      // It would have, but for the door that was shut.
      if (mode === "dry" && responded.forwarding !== null) return "reaches-out";
      return { ...responded, redact: granted.redact };
    },
  };
};
