import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { newHome, startProduct, type Product } from "../support/product.ts";

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A receiver on this machine, which the operator's list opens. */
const messages: Message[] = [];
const receiver: Server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    messages.push({ headers, text: Buffer.concat(parts).toString("utf8") });
    response.end("thanks");
  });
});

const portOf = (server: Server): number => {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
};

const home = newHome();
let product: Product;

const made = async (path: string, body: object = {}): Promise<Record<string, unknown>> => {
  const { status, text } = await product.api("POST", path, body);
  expect(text).toContain("{");
  expect(status).toBe(201);
  return JSON.parse(text);
};

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    receiver.listen(0, "127.0.0.1", resolve);
  });
  product = await startProduct(home, [`EGRESS_ALLOW=127.0.0.1:${portOf(receiver)}`]);
});

afterAll(async () => {
  await product.stop();
  receiver.close();
  home.remove();
});

const VERIFY = `export default async (request, ctx) =>
  Response.json(await verifyWebhook(request, { scheme: "standard-webhooks", secret: ctx.secrets.SIGNING }))`;

describe("a user who wants to be told of hits", () => {
  it("gets one message for 50 of them, whose signature a hook of his verifies", async () => {
    const url = `http://127.0.0.1:${portOf(receiver)}/in`;
    const { id } = await made("/api/v1/responders", {
      name: "Watched",
      path: "/watched",
      notifications: { on: "hits", every: "1h", to: [{ kind: "webhook", url }] },
    });
    const { secret } = await made(`/api/v1/responders/${String(id)}/notifications/secret`);
    const hits = Array.from({ length: 50 }, () => product.hit({ method: "POST", path: "/watched" }));
    for (const { status } of await Promise.all(hits)) expect(status).toBe(200);
    await vi.waitFor(() => expect(messages).toHaveLength(1), { timeout: 30_000, interval: 250 });
    const [message] = messages;
    if (message === undefined) throw new Error("nothing came");
    expect(JSON.parse(message.text)).toMatchObject({
      type: "responder.hits",
      data: { count: 50, failures: 0, responder: { id, name: "Watched" } },
    });

    await made("/api/v1/secrets", { name: "SIGNING", value: secret });
    await made("/api/v1/responders", {
      name: "Verifies",
      path: "/verifies",
      script: { source: VERIFY },
      secrets: { mode: "selected", names: ["SIGNING"] },
    });
    const { headers } = message;
    const signed = ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"];
    const again = (text: string) =>
      product.hit({
        method: "POST",
        path: "/verifies",
        headers: Object.fromEntries(signed.map((name) => [name, headers[name] ?? ""])),
        body: text,
      });
    expect((await again(message.text)).json()).toMatchObject({ ok: true });
    expect((await again(message.text.replace("50", "51"))).json()).toMatchObject({ ok: false });

    const shown = await product.api("GET", `/api/v1/responders/${String(id)}/notifications`);
    expect(shown.json()).toMatchObject({
      items: [{ id: headers["webhook-id"], count: 50, deliveries: [{ state: "delivered" }] }],
    });
  });
});
