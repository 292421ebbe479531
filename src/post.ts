import type { Letter, Posted } from "./notifications/index.ts";
import type { Egress, EgressFailure } from "./runtime/index.ts";

/** A receiver that thinks for longer does so after its answer. */
const TIMES = { firstByteMs: 10_000, totalMs: 15_000 };

const errorOf = (failure: EgressFailure): string =>
  failure.kind === "refused" ? `refused.${failure.code}` : failure.kind;

/** Posts through the door out, by its policy and with its hop header; of the answer only the status is looked at. */
export const createPost =
  (egress: Pick<Egress, "open">) =>
  async ({ url, headers, body, hops }: Letter): Promise<Posted> => {
    const outlet = egress.open({ hops, reach: { kind: "public" } });
    const sent = await outlet.send({
      method: "POST",
      url,
      headers: { kind: "script", pairs: headers },
      body: { kind: "bytes", bytes: body },
      // A redirect is no receipt: the receiver's owner is to give the URL that takes it.
      redirect: "manual",
      encoded: false,
      times: TIMES,
      mostBytes: 0,
      signal: null,
      secrets: null,
    });
    if (sent.kind === "failed") return { kind: "failed", error: errorOf(sent.failure) };
    await sent.answer.body?.cancel();
    return { kind: "answered", status: sent.answer.status };
  };
