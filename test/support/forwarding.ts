import type { EgressAnswer, EgressRequest, Outlet, Sent } from "../../src/runtime/index.ts";
import type { Hit } from "../../src/responders/index.ts";
import type { HitGrants } from "../../src/responders/grants/hit-grants.ts";
import { NO_GRANTS } from "../../src/responders/grants/grant.ts";
import { forward } from "../../src/responders/proxy/forward.ts";
import type { ForwardEnding } from "../../src/responders/proxy/start-leg.ts";
import type { RawRequest } from "../../src/responders/proxy/raw-request.ts";
import { type Upstream, UPSTREAM_DEFAULTS } from "../../src/responders/proxy/upstream.ts";
import { runOf } from "./filling.ts";

/** An answer as the egress gives it. */
export const answerOf = (
  status = 200,
  headers: HeadersInit = {},
  body: ReadableStream<Uint8Array> | string | null = null,
): EgressAnswer => ({
  status,
  statusText: "",
  headers: new Headers(headers),
  body: typeof body === "string" ? new Blob([body]).stream() : body,
  url: "",
  redirected: false,
});

export const answered = (...given: Parameters<typeof answerOf>): Sent => ({
  kind: "answered",
  answer: answerOf(...given),
});

export const failedBy = (kind: "connect" | "timeout" | "broken"): Sent => ({
  kind: "failed",
  failure: { kind, message: `It is ${kind}.` },
});

/** An outlet that gives these answers in turn, and what it was sent. */
export const fakeOutlet = (...answers: readonly (Sent | ((request: EgressRequest) => Promise<Sent>))[]) => {
  const seen: EgressRequest[] = [];
  const outlet: Outlet = {
    send: async (request) => {
      const next = answers[seen.length] ?? answers.at(-1) ?? failedBy("connect");
      seen.push(request);
      return typeof next === "function" ? next(request) : next;
    },
  };
  return { outlet, seen };
};

export const upstreamOf = (more: Partial<Upstream> = {}): Upstream => ({
  ...UPSTREAM_DEFAULTS,
  url: "https://api.example.com/v1",
  ...more,
});

export const hitOf = (more: Partial<Hit> = {}): Hit => ({
  requestId: "exc_1",
  receivedAt: 1_000,
  method: "GET",
  url: "https://demo.hooks.example/a?x=1",
  path: "/a",
  rawQuery: "x=1",
  headers: [],
  body: null,
  client: { ip: "203.0.113.7" },
  hops: 1,
  ...more,
});

export const rawOf = (headers: HeadersInit = {}, more: Partial<RawRequest> = {}): RawRequest => ({
  headers: new Headers(headers),
  body: null,
  signal: null,
  take: () => true,
  ...more,
});

export const NOTHING_GRANTED: HitGrants = {
  grants: NO_GRANTS,
  reveal: false,
  placeholders: runOf([]).placeholders,
  redact: null,
};

export interface ForwardGiven {
  readonly outlet: Outlet;
  readonly upstream?: Partial<Upstream>;
  readonly hit?: Partial<Hit>;
  readonly raw?: RawRequest;
  readonly granted?: HitGrants;
  readonly limits?: { readonly proxyBodyBytes: number; readonly journalBodyBytes: number };
  readonly keep?: number;
  readonly touched?: string[];
}

/** A hit forwarded through an outlet of the test's. Time moves by 10 ms with each look at the clock. */
export const forwarded = ({
  outlet,
  upstream = {},
  hit = {},
  raw = rawOf(),
  granted = NOTHING_GRANTED,
  limits = { proxyBodyBytes: 1_000, journalBodyBytes: 100 },
  keep = 100,
  touched = [],
}: ForwardGiven): Promise<ForwardEnding> => {
  let now = 0;
  return forward(
    {
      now: () => (now += 10),
      sleep: async (ms) => {
        now += ms;
      },
      openOutlet: () => outlet,
      fillPolicy: { allowsPlainHttp: () => false },
      touchSecrets: (_, ids) => touched.push(...ids),
    },
    { upstream: upstreamOf(upstream), account: { id: "acc_1", limits }, keep, granted },
    hitOf(hit),
    raw,
  );
};
