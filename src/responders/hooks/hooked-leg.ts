import type { TierLimits } from "../../accounts/index.ts";
import { contentDecoding } from "../../lib/content-coding.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { NOTHING_PASSED, type Passed } from "../../lib/tap.ts";
import {
  type ForwardAnswer,
  type ForwardPowers,
  type ForwardRequest,
  keepBody,
  type KeptBody,
  MAX_HTTP_BODY_BYTES,
  type UpstreamFault,
} from "../../runtime/index.ts";
import type { EgressGranted } from "../egress/granted.ts";
import { announcedSize, refusedBefore } from "../proxy/refused-before.ts";
import { dropHopByHop } from "../proxy/leg-headers.ts";
import { startForwarding } from "../proxy/forward.ts";
import {
  type ForwardDeps,
  type ForwardEnding,
  type ForwardJob,
  passLeg,
  refuse,
  type StartedLeg,
  startLeg,
  type Trouble,
} from "../proxy/start-leg.ts";
import { type HookedHit, planLeg } from "./plan-leg.ts";

export interface HookedJob extends ForwardJob {
  readonly account: ForwardJob["account"] & { readonly limits: TierLimits };
  readonly egress: EgressGranted;
}

/** An upstream's answer that a script has looked at, or may. */
export interface SeenLeg {
  readonly started: Extract<StartedLeg, { kind: "answered" }>;
  /** As the script was shown them: without what is true of the coded body alone. */
  readonly shown: HeaderPairs;
  readonly body: KeptBody | null;
}

export type FailedLeg = Extract<StartedLeg, { kind: "failed" }>;

/** The one leg of a run with hooks, whoever sends it. */
export interface HookedLeg {
  /** For a script that wants to see the answer. */
  readonly powers: ForwardPowers;
  /** What that came to; `undefined`: nothing was sent. Never rejects. */
  readonly seen: () => Promise<SeenLeg | FailedLeg | undefined>;
  /** For a script that does not; `unfit`: what it gave is no request that can be forwarded. */
  readonly letGo: (request: ForwardRequest) => Promise<ForwardEnding | { readonly unfit: string }>;
  /** The hit as it came. */
  readonly letBy: () => Promise<ForwardEnding>;
}

/** Fuel a byte: placeholders are looked for in what a script sends. */
const UNITS_TO_FILL = 60;
const OF_THE_CODING: ReadonlySet<string> = new Set(["content-encoding", "content-length"]);

/** How a run ends that a leg without an answer ends. */
const faultOf = ({ reason }: Trouble): UpstreamFault =>
  reason === "connect" || reason === "timeout" || reason === "too-large" ? reason : "broken";

const shownHeaders = (came: Headers): HeaderPairs => {
  const headers = new Headers(came);
  dropHopByHop(headers);
  const isCoded = contentDecoding(came.get("content-encoding")).kind !== "none";
  return [...headers].filter(([name]) => !isCoded || !OF_THE_CODING.has(name));
};

const seenLeg = (
  started: Extract<StartedLeg, { kind: "answered" }>,
  take: HookedHit["raw"]["take"],
): SeenLeg => {
  const { headers, body } = started.answer;
  const rules = { most: MAX_HTTP_BODY_BYTES, take };
  return {
    started,
    shown: shownHeaders(headers),
    body: body && keepBody(body, headers.get("content-encoding"), rules),
  };
};

const toGuest = ({ started, shown, body }: SeenLeg): ForwardAnswer => {
  const { status, statusText } = started.answer;
  return { kind: "answered", status, statusText, headers: shown, body, forwarded: started.request };
};

export const openLeg = (deps: ForwardDeps, job: HookedJob, hooked: HookedHit): HookedLeg => {
  const { received, raw } = hooked;
  const { granted, egress } = job;
  let seen: ReturnType<HookedLeg["seen"]> = Promise.resolve(undefined);

  const start = async (
    request: ForwardRequest,
    signal: AbortSignal | null,
  ): Promise<StartedLeg | { readonly unfit: string }> => {
    const refused = refusedBefore(job, request.method, raw);
    if (refused !== undefined) return refused;
    const planned = planLeg(request, hooked, job, egress);
    if (planned.kind === "unfit") return { unfit: planned.message };
    if (planned.kind === "refused") return refuse(planned.reason, planned.message, announcedSize(raw));
    return startLeg(deps, job, { ...planned.plan, signal });
  };

  return {
    seen: () => seen,
    letBy: async () => passLeg(await startForwarding(deps, job, received, raw)),
    letGo: async (request) => {
      const started = await start(request, raw.signal);
      return "unfit" in started ? started : passLeg(started);
    },
    powers: {
      unitsPerByte:
        granted.grants.kind === "granted" && granted.grants.secrets.length > 0 ? UNITS_TO_FILL : 0,
      forward: async (request, signal) => {
        // A sender that hangs up does not end a run; and one that fails may still have its upstream's answer passed on.
        const leg = start(request, job.upstream.onHookError === "pass" ? null : signal);
        const going = leg.then((came) =>
          "unfit" in came || came.kind === "failed" ? came : seenLeg(came, raw.take),
        );
        seen = going.then((came) => ("unfit" in came ? undefined : came));
        const came = await going;
        if ("unfit" in came) return { kind: "unfit", message: came.unfit };
        if ("started" in came) return toGuest(came);
        return { kind: "failed", message: came.outcome.message, fault: faultOf(came.outcome) };
      },
    },
  };
};

/** What there was of an upstream's body, where another goes out. */
export const passedOf = ({ started, body }: SeenLeg): Passed => {
  if (body === null) return NOTHING_PASSED;
  const passed = body.passed();
  const announced = Number(started.answer.headers.get("content-length") ?? 0);
  if (passed.size > 0 || passed.whole) return passed;
  return { bytes: null, size: Number.isSafeInteger(announced) ? announced : 0, whole: false };
};
