import { describe, expect, it } from "vitest";
import { createEmailChannel, type Mail, mailOf } from "../../../src/notifications/channels/email.ts";
import {
  createWebhookChannel,
  type Letter,
  payloadOf,
  type Posted,
} from "../../../src/notifications/channels/webhook.ts";
import type { Notice, Subscription } from "../../../src/notifications/notice.ts";
import { createNotifier } from "../../../src/notifications/notifier.ts";
import { signedHeaders } from "../../../src/secrets/index.ts";
import { standardWebhooks } from "../../../src/secrets/webhooks/standard-webhooks.ts";
import { fromUtf8, utf8 } from "../../../src/lib/bytes.ts";

const SUBSCRIPTION: Subscription = {
  accountId: "acc_1",
  responder: { id: "rsp_1", name: "GitHub push" },
};
const NOTICE: Notice = {
  id: "ntc_1",
  madeAt: 60_000,
  on: "hits",
  count: 50,
  failures: 3,
  firstAt: 1_000,
  lastAt: 9_000,
  exchanges: ["exc_1", "exc_2"],
  hops: 1,
};
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const TARGET = { kind: "webhook", url: "https://example.com/x" } as const;

const webhookWith = (posted: Posted, letters: Letter[] = []) =>
  createWebhookChannel({
    now: () => 120_500,
    signing: { read: async () => SECRET, renew: async () => SECRET },
    post: async (letter) => {
      letters.push(letter);
      return posted;
    },
  });

describe("a signature", () => {
  it("is that of the specification's example", () => {
    // https://github.com/standard-webhooks/standard-webhooks: the vector of its libraries.
    const body = utf8('{"test": 2432232314}');
    const signed = signedHeaders(SECRET, {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      body,
      now: 1_614_265_330_000,
    });
    expect(signed).toEqual([
      ["webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"],
      ["webhook-timestamp", "1614265330"],
      ["webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
    ]);
  });
});

describe("a webhook", () => {
  it("is a signed message of Standard Webhooks, with the notice's id, that our own verification takes", async () => {
    const letters: Letter[] = [];
    const send = webhookWith({ kind: "answered", status: 204 }, letters);
    expect(await send(SUBSCRIPTION, NOTICE, TARGET)).toEqual({ status: 204, error: null });
    const [letter] = letters;
    if (letter === undefined) throw new Error("nothing was sent");
    expect(letter).toMatchObject({ url: TARGET.url, hops: 1 });
    expect(JSON.parse(fromUtf8(letter.body))).toEqual({
      type: "responder.hits",
      timestamp: "1970-01-01T00:01:00.000Z",
      data: {
        id: "ntc_1",
        responder: { id: "rsp_1", name: "GitHub push" },
        count: 50,
        failures: 3,
        firstAt: "1970-01-01T00:00:01.000Z",
        lastAt: "1970-01-01T00:00:09.000Z",
        exchanges: ["exc_1", "exc_2"],
      },
    });
    const headers = new Map(letter.headers);
    const verdict = standardWebhooks(
      { url: letter.url, header: (name) => headers.get(name), body: letter.body, asSigned: (data) => data },
      [{ name: "S", text: SECRET }],
      { now: 120_500, toleranceSeconds: 300 },
    );
    expect(verdict).toEqual({ ok: true, at: 0 });
    expect(headers.get("webhook-id")).toBe("ntc_1");
    expect(headers.get("webhook-timestamp")).toBe("120");
  });

  it.each([
    [
      { kind: "answered", status: 200 },
      { status: 200, error: null },
    ],
    [
      { kind: "answered", status: 301 },
      { status: 301, error: "status" },
    ],
    [
      { kind: "answered", status: 500 },
      { status: 500, error: "status" },
    ],
    [
      { kind: "failed", error: "timeout" },
      { status: null, error: "timeout" },
    ],
  ] as const)("that ends as %j is shown as %j", async (posted, tried) => {
    expect(await webhookWith(posted)(SUBSCRIPTION, NOTICE, TARGET)).toEqual(tried);
  });

  it("has the same bytes at every try", () => {
    const texts = [1, 2].map(() => JSON.stringify(payloadOf(SUBSCRIPTION, NOTICE)));
    expect(texts[0]).toBe(texts[1]);
  });
});

describe("an e-mail", () => {
  const address = "a@example.com";

  it("is text that says what happened", () => {
    const { to, subject, text } = mailOf(SUBSCRIPTION, NOTICE, address);
    expect([to, subject]).toEqual([address, "50 hits of GitHub push"]);
    expect(text).toContain("50 hits of the responder GitHub push (rsp_1).");
    expect(text).toContain("Failures among them: 3");
    expect(text).toContain("exc_1\nexc_2");
    const one = mailOf(SUBSCRIPTION, { ...NOTICE, on: "failures", count: 1 }, address);
    expect(one.subject).toBe("1 failure of GitHub push");
  });

  it("has one line of subject, whatever the responder is called", () => {
    const named = (name: string) =>
      mailOf({ ...SUBSCRIPTION, responder: { id: "rsp_1", name } }, NOTICE, address).subject;
    expect(named("x\r\nBcc: b@example.com")).toBe("50 hits of x Bcc: b@example.com");
    expect(named("a\u2028b\u0000c\u0085d")).toBe("50 hits of a b c d");
  });

  it("goes to a verified address alone", async () => {
    const mails: Mail[] = [];
    const channel = (isVerified: boolean, sendMail: ((mail: Mail) => Promise<void>) | null) =>
      createEmailChannel({ sendMail, isVerified: async () => isVerified })(SUBSCRIPTION, NOTICE, {
        kind: "email",
        address,
      });
    const send = async (mail: Mail): Promise<void> => {
      mails.push(mail);
    };
    expect(await channel(false, send)).toEqual({ status: null, error: "not-verified" });
    expect(await channel(true, null)).toEqual({ status: null, error: "no-email" });
    expect(mails).toEqual([]);
    expect(await channel(true, send)).toEqual({ status: null, error: null });
    expect(mails).toHaveLength(1);
    const refuse = () => Promise.reject(new Error("no"));
    expect(await channel(true, refuse)).toEqual({ status: null, error: "rejected" });
  });
});

describe("a try", () => {
  it("never rejects: a fault of ours is told to the operator, and tried again", async () => {
    const warned: unknown[] = [];
    let now = 1_000;
    const notifier = createNotifier({
      now: () => (now += 7),
      warn: (what, fields) => warned.push([what, fields["notice"]]),
      signing: { read: () => Promise.reject(new Error("no database")), renew: async () => "" },
      post: async () => ({ kind: "answered", status: 200 }),
      sendMail: null,
      isVerified: async () => true,
      subscriptionOf: async () => null,
    });
    expect(await notifier.deliver(SUBSCRIPTION, NOTICE, TARGET)).toEqual({
      at: 1_007,
      status: null,
      error: "internal",
      durationMs: 7,
    });
    expect(warned).toEqual([["a notification could not be sent", "ntc_1"]]);
  });
});
