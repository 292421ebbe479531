import { describe, expect, it } from "vitest";
import { createMask } from "../../../src/secrets/index.ts";
import type { HitGrants } from "../../../src/responders/grants/hit-grants.ts";
import { redactBy } from "../../../src/responders/grants/redact.ts";
import type { EgressAnswer, EgressRequest, Outgoing } from "../../../src/runtime/index.ts";
import { answered, fakeOutlet, forwarded, rawOf } from "../../support/forwarding.ts";
import { runOf, secret } from "../../support/filling.ts";

const KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

const granting = (more: Parameters<typeof secret>[2] = {}): HitGrants => {
  const secrets = [secret("KEY", KEY, { hosts: ["api.example.com"], ...more })];
  const mask = createMask(secrets);
  return {
    grants: { kind: "granted", secrets, mask },
    reveal: false,
    placeholders: runOf(secrets).placeholders,
    redact: redactBy(mask),
  };
};

const headers = [["authorization", "Bearer ${secrets.KEY}"]] as const;

/** What the egress would send, as it does it. */
const fillIn = async (request: EgressRequest | undefined): Promise<Outgoing | string> => {
  if (request === undefined || request.headers.kind !== "leg" || request.secrets === null)
    return "no secrets";
  const { method, url, body } = request;
  const filled = await request.secrets.fillIn({ method, url, headers: request.headers.headers, body });
  return filled.kind === "filled" ? filled.outgoing : filled.message;
};

const leaving = async (given: Omit<Parameters<typeof forwarded>[0], "outlet">) => {
  const { outlet, seen } = fakeOutlet(answered());
  const touched: string[] = [];
  const ending = await forwarded({ outlet, touched, granted: granting(), upstream: { headers }, ...given });
  return { outgoing: await fillIn(seen[0]), touched, ending, request: seen[0] };
};

const headersOf = (outgoing: Outgoing | string): Readonly<Record<string, string>> =>
  typeof outgoing === "string" ? { refused: outgoing } : Object.fromEntries(outgoing.headers);

describe("a secret in an upstream's headers", () => {
  it("leaves filled in, and is told as it was written", async () => {
    const { outgoing, touched, ending, request } = await leaving({ raw: rawOf({ authorization: "theirs" }) });
    expect(headersOf(outgoing)["authorization"]).toBe(`Bearer ${KEY}`);
    expect(touched).toEqual(["sec_key"]);
    const told = JSON.stringify(ending.forwarding.report());
    expect(told).toContain("Bearer ${secrets.KEY}");
    expect(told).not.toContain(KEY);
    // The leg itself keeps the placeholder: a second attempt starts from it.
    const kept = request?.headers.kind === "leg" ? request.headers.headers.get("authorization") : "";
    expect(kept).toMatch(/^Bearer hwsec_/);
  });

  it("makes the answer one that can be masked: neither encoded nor in part", async () => {
    const raw = rawOf({ "accept-encoding": "gzip", range: "bytes=0-5", "if-range": "x" });
    const { outgoing } = await leaving({ raw });
    const left = headersOf(outgoing);
    expect([left["accept-encoding"], left["range"], left["if-range"]]).toEqual([
      "identity",
      undefined,
      undefined,
    ]);
  });

  it("does not leave for another host, nor in another place", async () => {
    const elsewhere = await leaving({ upstream: { headers, url: "https://api.evil.com" } });
    expect(elsewhere.outgoing).toMatch(/KEY is not sent to api.evil.com/);
    const place = await leaving({ upstream: { headers: [["x-key", "${secrets.KEY}"]] } });
    expect(place.outgoing).toMatch(/header:x-key/);
  });

  it("is not filled into what a sender wrote", async () => {
    const raw = rawOf({ "x-echo": "${secrets.KEY}" });
    const { outgoing } = await leaving({ raw, hit: { rawQuery: "a=${secrets.KEY}" } });
    expect(headersOf(outgoing)["x-echo"]).toBe("${secrets.KEY}");
    expect(typeof outgoing === "string" ? "" : outgoing.url).toContain("?a=${secrets.KEY}");
  });

  it("stays as it is written when it is not granted", async () => {
    const { outgoing } = await leaving({ upstream: { headers: [["x-key", "${secrets.OTHER}"]] } });
    expect(headersOf(outgoing)["x-key"]).toBe("${secrets.OTHER}");
  });

  it("is masked in the answer: headers, status text, and the body across its chunks", async () => {
    const { outlet, seen } = fakeOutlet(answered());
    await forwarded({ outlet, granted: granting(), upstream: { headers } });
    await fillIn(seen[0]);
    const halves = [`{"echo":"${KEY.slice(0, 9)}`, `${KEY.slice(9)}"}`];
    const body = new Blob(halves).stream();
    const answer: EgressAnswer = {
      status: 200,
      statusText: `OK ${KEY}`,
      headers: new Headers([
        ["x-echo", KEY],
        ["set-cookie", `a=${KEY}`],
        ["set-cookie", "b=2"],
        ["content-length", "99"],
      ]),
      body,
      url: "https://api.example.com/v1/a",
      redirected: false,
    };
    const masked = seen[0]?.secrets?.maskAnswer(answer);
    expect(masked?.statusText).toBe("OK [secret KEY]");
    expect([...(masked?.headers ?? [])]).toEqual([
      ["set-cookie", "a=[secret KEY]"],
      ["set-cookie", "b=2"],
      ["x-echo", "[secret KEY]"],
    ]);
    expect(await new Response(masked?.body ?? null).text()).toBe('{"echo":"[secret KEY]"}');
    expect(seen[0]?.secrets?.holdsSecret(`https://a.com/?k=${KEY}`)).toBe(true);
    expect(seen[0]?.secrets?.holdsSecret("https://a.com/")).toBe(false);
  });

  it("breaks off a body in which it could not be hidden", async () => {
    const { outlet, seen } = fakeOutlet(answered());
    await forwarded({ outlet, granted: granting(), upstream: { headers } });
    await fillIn(seen[0]);
    const body = new Blob(["x"]).stream();
    const odd = { status: 200, statusText: "", url: "", redirected: false, body };
    const masked = seen[0]?.secrets?.maskAnswer({
      ...odd,
      headers: new Headers({ "content-encoding": "odd" }),
    });
    await expect(new Response(masked?.body ?? null).text()).rejects.toThrow(/cannot be hidden/);
  });

  it("leaves an answer alone to which no secret went", async () => {
    const { outlet, seen } = fakeOutlet(answered());
    await forwarded({ outlet, granted: granting(), upstream: { headers: [["x-a", "1"]] } });
    await fillIn(seen[0]);
    const answer = {
      status: 200,
      statusText: "",
      headers: new Headers(),
      url: "",
      redirected: false,
      body: null,
    };
    expect(seen[0]?.secrets?.maskAnswer(answer)).toBe(answer);
  });
});
