import { type Caller, createAdmit } from "./egress/admit.ts";
import { createHops } from "./egress/hops.ts";
import { type EgressRules, judge, type Refusal } from "./egress/policy.ts";
import type { EgressRequest, Sent } from "./egress/request.ts";
import { createResolve } from "./egress/resolve.ts";
import { type Fetch, sendThrough } from "./egress/send.ts";

export interface Egress {
  /** What one run sends goes through one of these: it counts. */
  readonly open: (caller: Caller) => Outlet;
  /** What the policy says of a URL by itself, whoever asks; `undefined`: it may be reached. */
  readonly refusalOf: (url: string) => Refusal | undefined;
  /** How many hooks a request that came in has passed through, by its hop header. */
  readonly hopsOf: (header: string | null) => Promise<number>;
}

export interface Outlet {
  /** Never rejects, but for what the functions do that it is handed. */
  readonly send: (request: EgressRequest) => Promise<Sent>;
}

export interface EgressDeps {
  /** Asked for each request. */
  readonly rules: () => EgressRules;
  /** DNS over HTTPS in JSON; `undefined`: names are judged by themselves only. */
  readonly resolverUrl: string | undefined;
  /** What the hop header is signed by: see `createHops`. */
  readonly hopSecrets: readonly Uint8Array<ArrayBuffer>[];
  readonly now: () => number;
  /** The platform's, unless a test brings its own. */
  readonly fetch?: Fetch;
}

const platformFetch: Fetch = (input, init) => fetch(input, init);

/** The one door out: nothing else in this program reaches the network. */
export const createEgress = (deps: EgressDeps): Egress => {
  const { rules, resolverUrl, now, fetch: send = platformFetch } = deps;
  const hops = createHops(deps.hopSecrets);
  const resolve = resolverUrl === undefined ? null : createResolve({ url: resolverUrl, fetch: send, now });
  return {
    hopsOf: hops.read,
    refusalOf: (url) => {
      const verdict = judge(url, rules(), { kind: "public" });
      return verdict.kind === "refused" ? verdict : undefined;
    },
    open: (caller) => {
      const admit = createAdmit({ rules, resolve }, caller);
      return {
        send: async (request) => {
          const header = await hops.write(caller.hops + 1);
          return sendThrough({ admit, hops: header, fetch: send }, request);
        },
      };
    },
  };
};
