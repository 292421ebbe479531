import { utf8 } from "../../lib/bytes.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { signedHeaders, type SigningSecrets } from "../../secrets/index.ts";
import type { Notice, Subscription } from "../notice.ts";
import type { Channel } from "./channel.ts";

/** A `POST` through the one door out. */
export interface Letter {
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Of what it is about: so many hooks it has come through. */
  readonly hops: number;
}

/** How it was answered; of the answer itself nothing is read. */
export type Posted =
  | { readonly kind: "answered"; readonly status: number }
  | { readonly kind: "failed"; readonly error: string };

export interface WebhookDeps {
  readonly now: () => number;
  /** `undefined` without `MASTER_KEYS`. */
  readonly signing: SigningSecrets | undefined;
  readonly post: (letter: Letter) => Promise<Posted>;
}

const time = (ms: number): string => new Date(ms).toISOString();

/** As Standard Webhooks has it: `type`, `timestamp`, `data`. The same bytes at every try. */
export const payloadOf = ({ responder }: Subscription, notice: Notice) => ({
  type: `responder.${notice.on}`,
  timestamp: time(notice.madeAt),
  data: {
    id: notice.id,
    responder: { id: responder.id, name: responder.name },
    count: notice.count,
    failures: notice.failures,
    firstAt: time(notice.firstAt),
    lastAt: time(notice.lastAt),
    exchanges: notice.exchanges,
  },
});

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export const createWebhookChannel =
  ({ now, signing, post }: WebhookDeps): Channel<"webhook"> =>
  async (subscription, notice, { url }) => {
    if (signing === undefined) return { status: null, error: "no-master-key" };
    const { accountId, responder } = subscription;
    const secret = await signing.read({ accountId, responderId: responder.id });
    const body = utf8(JSON.stringify(payloadOf(subscription, notice)));
    const signed = signedHeaders(secret, { id: notice.id, body, now: now() });
    const headers: HeaderPairs = [["content-type", "application/json"], ...signed];
    const posted = await post({ url, headers, body, hops: notice.hops });
    if (posted.kind === "failed") return { status: null, error: posted.error };
    const { status } = posted;
    return { status, error: isSuccess(status) ? null : "status" };
  };
