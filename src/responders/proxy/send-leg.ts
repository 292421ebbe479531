import type { EgressFailure, Outlet, SecretFilling, Sent } from "../../runtime/index.ts";
import type { Leg } from "./leg.ts";
import { isWorthAnother, mayRetry, pauseBefore } from "./retry.ts";
import type { Upstream } from "./upstream.ts";

/** One request to an upstream. */
export interface Attempt {
  /** In ms since the epoch. */
  readonly at: number;
  /** `null`: there was no answer. */
  readonly status: number | null;
  /** Why not. */
  readonly error: string | null;
  /** Until the answer's head was there. */
  readonly durationMs: number;
}

export interface SentLeg {
  readonly sent: Sent;
  /** In their order; the last is how it ended. */
  readonly attempts: readonly Attempt[];
}

export interface SendDeps {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly outlet: Outlet;
}

export interface SendRules {
  readonly upstream: Pick<Upstream, "timeouts" | "retries">;
  /** Of the answer's body. */
  readonly mostBytes: number;
  readonly signal: AbortSignal | null;
  readonly secrets: SecretFilling | null;
}

const TIMEOUT: EgressFailure = { kind: "timeout", message: "Upstream request timed out" };

/** Sends a leg, again if that may help and is wanted. Never rejects. */
export const sendLeg = async (
  { now, sleep, outlet }: SendDeps,
  leg: Leg,
  { upstream, mostBytes, signal, secrets }: SendRules,
): Promise<SentLeg> => {
  const { timeouts, retries } = upstream;
  const endsAt = now() + timeouts.totalMs;
  const most = 1 + (mayRetry(leg) ? retries.attempts : 0);
  const attempts: Attempt[] = [];

  const attempt = async (): Promise<Sent> => {
    const at = now();
    const left = endsAt - at;
    const sent: Sent =
      left <= 0
        ? { kind: "failed", failure: TIMEOUT }
        : await outlet.send({
            method: leg.method,
            url: leg.url,
            headers: { kind: "leg", headers: leg.headers },
            body: leg.body,
            // A redirect is the client's to follow.
            redirect: "manual",
            encoded: true,
            times: { firstByteMs: timeouts.firstByteMs, totalMs: left },
            mostBytes,
            signal,
            secrets,
          });
    attempts.push({
      at,
      status: sent.kind === "answered" ? sent.answer.status : null,
      error: sent.kind === "failed" ? sent.failure.message : null,
      durationMs: now() - at,
    });
    return sent;
  };

  for (;;) {
    const sent = await attempt();
    const isLast = attempts.length >= most || signal?.aborted === true || now() >= endsAt;
    if (isLast || !isWorthAnother(sent)) return { sent, attempts };
    if (sent.kind === "answered") await sent.answer.body?.cancel().catch(() => undefined);
    await sleep(Math.min(pauseBefore(attempts.length), endsAt - now()));
  }
};
