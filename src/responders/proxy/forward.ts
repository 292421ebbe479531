import type { Hit } from "../hit.ts";
import { withPlaceholders } from "./fill-leg.ts";
import { toLegHeaders } from "./leg-headers.ts";
import type { RawRequest } from "./raw-request.ts";
import { announcedSize, refusedBefore } from "./refused-before.ts";
import {
  type ForwardDeps,
  type ForwardEnding,
  type ForwardJob,
  passLeg,
  type StartedLeg,
  startLeg,
  refuse,
} from "./start-leg.ts";
import { upstreamUrl } from "./upstream-url.ts";

/** Nothing of it is a script's. */
const NO_WORDS = { headers: [], url: false, body: null } as const;

/** A hit as it came, on its way to the upstream. */
export const startForwarding = async (
  deps: ForwardDeps,
  job: ForwardJob,
  hit: Hit,
  raw: RawRequest,
): Promise<StartedLeg> => {
  const refused = refusedBefore(job, hit.method, raw);
  if (refused !== undefined) return refused;
  const { upstream, granted } = job;
  const url = upstreamUrl(upstream.url, hit.path, hit.rawQuery);
  if (url === undefined) {
    return refuse("bad-path", "The path does not stay below that of the upstream.", announcedSize(raw));
  }
  const { headers } = raw;
  toLegHeaders(headers, hit);
  const own = { written: upstream.headers, filled: withPlaceholders(upstream.headers, granted) };
  return startLeg(deps, job, {
    request: { method: hit.method, url, headers, body: raw.body, own },
    words: NO_WORDS,
    isSame: true,
    received: null,
    caller: { hops: hit.hops, reach: { kind: "public" } },
    signal: raw.signal,
    take: raw.take,
  });
};

/** A hit, forwarded as it came: no hook sees it on its way. */
export const forward = async (
  deps: ForwardDeps,
  job: ForwardJob,
  hit: Hit,
  raw: RawRequest,
): Promise<ForwardEnding> => passLeg(await startForwarding(deps, job, hit, raw));
