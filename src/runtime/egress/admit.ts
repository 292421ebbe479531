import { MAX_HOPS } from "../../lib/hops.ts";
import { type EgressRules, judge, judgeResolved, type Reach, type Refusal, refused } from "./policy.ts";
import type { Resolve } from "./resolve.ts";

/** Who sends: one run, with all that its hooks send. */
export interface Caller {
  /** How many hooks the request that began it had passed through: 0 from outside. */
  readonly hops: number;
  readonly reach: Reach;
}

/** Whether a URL may be reached right now; asked for every hop of a redirect. */
export type Admit = (url: string, signal: AbortSignal) => Promise<Refusal | undefined>;

export interface AdmitDeps {
  readonly rules: () => EgressRules;
  /** `null`: names are judged by themselves only. */
  readonly resolve: Resolve | null;
}

/** From the first hop on, so that hooks that call hooks cannot multiply: 5 times 5 times 5, and no more. */
const MOST_OWN_CALLS = 5;

const tooDeep = refused("hops", `URL not allowed (hooks call hooks at most ${MAX_HOPS} deep)`);
const tooMany = refused(
  "hops",
  `URL not allowed (a run that a hook has caused calls hooks at most ${MOST_OWN_CALLS} times)`,
);

export const createAdmit = ({ rules, resolve }: AdmitDeps, { hops, reach }: Caller): Admit => {
  let ownCalls = 0;
  return async (url, signal) => {
    const current = rules();
    const verdict = judge(url, current, reach);
    if (verdict.kind === "refused") return verdict;
    if (verdict.own === "hook") {
      if (hops >= MAX_HOPS) return tooDeep;
      if (hops > 0 && ownCalls >= MOST_OWN_CALLS) return tooMany;
      ownCalls += 1;
    }
    if (!verdict.lookUp || resolve === null) return undefined;
    const found = await resolve(verdict.host, signal);
    return found.kind === "refused" ? found : judgeResolved(found.hosts, verdict.port, current);
  };
};
