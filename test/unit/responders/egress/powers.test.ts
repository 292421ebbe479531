import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../../src/lib/bytes.ts";
import { openRunEgress } from "../../../../src/responders/egress/powers.ts";
import type {
  Asker,
  EgressAnswer,
  EgressRequest,
  HttpRequest,
  Outlet,
  Sent,
} from "../../../../src/runtime/index.ts";
import { readBody } from "../../../../src/runtime/index.ts";
import { type GrantedSecret, maskOf } from "../../../../src/secrets/index.ts";
import { OUTSIDE } from "../../../support/egress.ts";
import { runOf, secret, STRIPE } from "../../../support/filling.ts";

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
  });

type Given = Partial<Omit<EgressAnswer, "body" | "headers">> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | null;
};

/** A door that fills in and masks as the real one does, and tells what left. */
const doorTo = (answers: readonly Given[], location: string | null = null) => {
  const left: { url: string; headers: Record<string, string>; body: string | null }[] = [];
  let request: EgressRequest | undefined;
  const send = async (given: EgressRequest): Promise<Sent> => {
    request = given;
    const pairs = given.headers.kind === "script" ? given.headers.pairs : [];
    const written = {
      method: given.method,
      url: given.url,
      headers: new Headers(pairs.map(([name, value]) => [name, value])),
      body: given.body,
    };
    for (const [index, { headers = {}, body = null, ...more }] of answers.entries()) {
      const filled = (await given.secrets?.fillIn(written)) ?? { kind: "filled", outgoing: written };
      if (filled.kind === "not-allowed") {
        return { kind: "failed", failure: { kind: "not-allowed-secret", message: filled.message } };
      }
      const { outgoing } = filled;
      left.push({
        url: outgoing.url,
        headers: Object.fromEntries(outgoing.headers),
        body: outgoing.body?.kind === "bytes" ? new TextDecoder().decode(outgoing.body.bytes) : null,
      });
      if (index < answers.length - 1) continue;
      if (location !== null && given.secrets?.holdsSecret(location) === true) {
        return { kind: "failed", failure: { kind: "not-allowed-secret", message: "held" } };
      }
      const answer: EgressAnswer = {
        status: 200,
        statusText: "OK",
        url: given.url,
        redirected: index > 0,
        ...more,
        headers: new Headers(headers),
        body: body && streamOf(body),
      };
      return { kind: "answered", answer: given.secrets?.maskAnswer(answer) ?? answer };
    }
    return { kind: "failed", failure: { kind: "timeout", message: "Upstream request timed out" } };
  };
  const outlet: Outlet = { send };
  return { outlet, left, request: () => request };
};

const run = runOf([secret("KEY", STRIPE, { places: ["header:authorization", "json"] })]);
const SECRETS = [secret("KEY", STRIPE, { places: ["header:authorization", "json"] })];

const open = (
  outlet: Outlet,
  secrets: readonly GrantedSecret[] = SECRETS,
  reveal = false,
  placeholders = run.placeholders,
) => {
  const used: string[] = [];
  let now = 0;
  const egress = openRunEgress(
    {
      now: () => (now += 5),
      openOutlet: () => outlet,
      fillPolicy: { allowsPlainHttp: () => false },
      touchSecrets: (_account, ids) => used.push(...ids),
    },
    {
      accountId: "acc_1",
      caller: OUTSIDE,
      granted: {
        grants: { kind: "granted", secrets, mask: maskOf(secrets) },
        reveal,
        placeholders,
        redact: null,
      },
    },
  );
  return { ...egress, used };
};

const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "POST",
  url: "https://api.stripe.com/v1",
  headers: [],
  body: null,
  redirect: "follow",
  timeoutMs: null,
  encoded: false,
  ...more,
});
const asker = (): Asker & { readonly owed: () => number } => {
  let owed = 0;
  return {
    signal: new AbortController().signal,
    owe: (units) => {
      owed += units;
    },
    owed: () => owed,
  };
};
const AUTHORIZED = [["authorization", `Bearer ${run.text("KEY")}`]] as const;

const send = async (egress: ReturnType<typeof open>, more: Partial<HttpRequest>, by: Asker = asker()) => {
  const sent = await egress.powers.send(request(more), by);
  if (sent.kind === "failed") return sent.failure;
  const read = await readBody(sent.answer.body);
  const text = read.kind === "bytes" ? new TextDecoder().decode(read.bytes) : read.failure.message;
  return { ...sent.answer, body: text };
};

describe("the way out of a run", () => {
  it("asks the door for what every request of a script is", async () => {
    const door = doorTo([{}]);
    await send(open(door.outlet), { timeoutMs: 50 });
    expect(door.request()).toMatchObject({
      headers: { kind: "script" },
      times: { firstByteMs: 50, totalMs: 50 },
      mostBytes: 10 * 1024 * 1024,
    });
    await send(open(door.outlet), { timeoutMs: 1e9 });
    expect(door.request()?.times).toEqual({ firstByteMs: 30_000, totalMs: 30_000 });
  });

  it("looks for placeholders only where there are secrets that are not revealed", async () => {
    const door = doorTo([{}]);
    for (const egress of [open(door.outlet, []), open(door.outlet, SECRETS, true)]) {
      await send(egress, {});
      expect([egress.powers.unitsPerByte, door.request()?.secrets]).toEqual([0, null]);
    }
    await send(open(door.outlet), {});
    expect(door.request()?.secrets).not.toBeNull();
  });

  it("fills in what the script wrote, and nothing of what it passes on", async () => {
    const json = utf8(JSON.stringify({ key: run.text("KEY") }));
    const headers = [["content-type", "application/json"]] as const;
    for (const [kind, expected] of [
      ["own", JSON.stringify({ key: STRIPE })],
      ["foreign", JSON.stringify({ key: run.text("KEY") })],
    ] as const) {
      const door = doorTo([{}]);
      const egress = open(door.outlet);
      await send(egress, { headers, body: { kind, bytes: json } });
      expect([door.left[0]?.body, egress.used]).toEqual([expected, kind === "own" ? ["sec_key"] : []]);
    }
  });

  it("hides what was carried in all that comes back, and takes fuel for looking", async () => {
    const door = doorTo([
      { statusText: STRIPE, headers: { "x-a": `<${STRIPE}>` }, body: utf8(`it is ${STRIPE}`) },
    ]);
    const by = asker();
    const egress = open(door.outlet);
    expect(await send(egress, { headers: AUTHORIZED }, by)).toMatchObject({
      statusText: "[secret KEY]",
      headers: [["x-a", "<[secret KEY]>"]],
      body: "it is [secret KEY]",
    });
    expect([door.left[0]?.headers["authorization"], by.owed() > 0]).toEqual([`Bearer ${STRIPE}`, true]);
    const other = asker();
    expect(await send(egress, {}, other)).toMatchObject({ body: `it is ${STRIPE}` });
    expect(other.owed()).toBe(0);
  });

  it("tells what looking for secrets takes, and takes fuel for it, by the length of what was carried", async () => {
    const long = [secret("KEY", "k".repeat(10_000))];
    const told = async (secrets: readonly GrantedSecret[]) => {
      const { placeholders, text } = runOf(secrets);
      const by = asker();
      const headers = [["authorization", text("KEY")]] as const;
      const egress = open(doorTo([{ body: utf8("it") }]).outlet, secrets, false, placeholders);
      const { heldBytes } = Object(await send(egress, { headers }, by));
      return { heldBytes, owed: by.owed() };
    };
    const [small, large] = [await told(SECRETS), await told(long)];
    expect(small.heldBytes).toBeLessThan(64 * 1024);
    const brotli = doorTo([{ headers: { "content-encoding": "br" }, body: brotliCompressSync("it") }]);
    const sent = await send(open(brotli.outlet), { headers: AUTHORIZED, encoded: true });
    expect(Object(sent)).toMatchObject({ body: "it", heldBytes: small.heldBytes + 16 * 1024 * 1024 });
    expect(large.heldBytes).toBeGreaterThan(1_000_000);
    expect(large.owed).toBeGreaterThan(50 * small.owed);
  });

  it("knows what the platform has decoded, and decodes the rest to look into it", async () => {
    const plain = utf8(`it is ${STRIPE}`);
    const told = async (encoding: string, body: Uint8Array, encoded: boolean, headers = AUTHORIZED) => {
      const door = doorTo([{ headers: { "content-encoding": encoding, "content-length": "9" }, body }]);
      return send(open(door.outlet), { headers, encoded });
    };
    // As the platform gives it: decoded already, under the headers of before.
    expect(await told("gzip", plain, false)).toMatchObject({ headers: [], body: "it is [secret KEY]" });
    expect(await told("gzip", new Uint8Array(gzipSync(plain)), true)).toMatchObject({
      headers: [],
      body: "it is [secret KEY]",
    });
    expect(await told("x-unknown", plain, false)).toMatchObject({
      headers: [],
      body: expect.stringContaining("a secret cannot be hidden"),
    });
    const door = doorTo([{ headers: { "content-encoding": "gzip" }, body: plain }]);
    expect(await send(open(door.outlet), {})).toMatchObject({ decoded: true });
    expect(await send(open(door.outlet), { encoded: true })).toMatchObject({ decoded: false });
  });

  it("does not follow to where a secret of any hop stands", async () => {
    const door = doorTo([{}, {}], `https://a.example/${STRIPE}`);
    expect(await send(open(door.outlet), { headers: AUTHORIZED })).toMatchObject({ message: "held" });
  });

  it("sends nothing that a secret may not be in", async () => {
    const door = doorTo([{}]);
    const egress = open(door.outlet);
    const failure = await send(egress, { url: "https://evil.example/", headers: AUTHORIZED });
    expect(failure).toMatchObject({ kind: "not-allowed-secret" });
    expect([door.left, egress.used]).toEqual([[], []]);
  });
});

describe("the log of what a run has sent", () => {
  const entries = (egress: ReturnType<typeof open>) => egress.entries();

  it("has what was written, and grows as bodies go by", async () => {
    const door = doorTo([{ status: 201, body: utf8("hello") }]);
    const egress = open(door.outlet);
    const sent = await egress.powers.send(
      request({
        url: `https://api.stripe.com/${"x".repeat(3_000)}`,
        headers: AUTHORIZED,
        body: { kind: "own", bytes: utf8("") },
      }),
      asker(),
    );
    expect(entries(egress)).toMatchObject([{ method: "POST", status: 201, responseBytes: 0, error: null }]);
    expect(entries(egress)[0]?.url).toHaveLength(2_048);
    const before = entries(egress)[0]?.durationMs ?? 0;
    if (sent.kind === "answered") await readBody(sent.answer.body);
    expect(entries(egress)[0]?.responseBytes).toBe(5);
    expect(entries(egress)[0]?.durationMs).toBeGreaterThan(before);
  });

  it("counts what is passed on as it leaves", async () => {
    const outlet: Outlet = {
      send: async ({ body }) => {
        if (body?.kind === "stream") await readBody(body.stream);
        return { kind: "failed", failure: { kind: "connect", message: "Failed to connect to upstream" } };
      },
    };
    const egress = open(outlet);
    await egress.powers.send(request({ body: { kind: "stream", stream: streamOf(utf8("abc")) } }), asker());
    expect(entries(egress)).toMatchObject([
      { requestBytes: 3, status: null, error: "Failed to connect to upstream" },
    ]);
  });
});
