import { describe, expect, it } from "vitest";
import { concat, fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import type { HeaderPairs } from "../../../src/lib/headers.ts";
import { type IncomingAnswer, maskAnswer, maskOfCarried } from "../../../src/secrets/index.ts";
import { CODINGS } from "../../support/encoded.ts";
import { carriedBy, filled, runOf, secret, STRIPE } from "../../support/filling.ts";

const run = runOf([secret("KEY", STRIPE), secret("OTHER", "another_secret_value")]);
const carried = carriedBy(filled(run.placeholders, { headers: [["authorization", run.text("KEY")]] }));
const asBasic = carriedBy(filled(run.placeholders, { headers: [["authorization", run.basic("KEY", "me")]] }));

const streamOf = (chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

const answer = (more: Partial<IncomingAnswer>): IncomingAnswer => ({
  status: 200,
  statusText: "OK",
  headers: [],
  body: null,
  ...more,
});

const masked = (given: IncomingAnswer, by = carried) => {
  const result = maskAnswer(given, by);
  if (result.kind === "unreadable") throw new Error(result.kind);
  return result;
};

const textOf = async ({ body }: IncomingAnswer): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return fromUtf8(concat(parts));
};

describe("the answer to a request that carried a secret", () => {
  it("loses it in status text and headers, whatever the header", () => {
    const headers: HeaderPairs = [
      ["x-echo", `Bearer ${STRIPE}`],
      ["set-cookie", `a=${encodeURIComponent(STRIPE)}`],
      ["set-cookie", `b=${Buffer.from(STRIPE).toString("hex")}`],
      ["x-plain", "value"],
    ];
    expect(masked(answer({ statusText: `No ${STRIPE}`, headers })).answer).toEqual({
      status: 200,
      statusText: "No [secret KEY]",
      headers: [
        ["x-echo", "Bearer [secret KEY]"],
        ["set-cookie", "a=[secret KEY]"],
        ["set-cookie", "b=[secret KEY]"],
        ["x-plain", "value"],
      ],
      body: null,
    });
  });

  it("loses a header whose name holds it", () => {
    const low = runOf([secret("LOW", "0123456789abcdef")]);
    const by = carriedBy(filled(low.placeholders, { headers: [["authorization", low.text("LOW")]] }));
    const headers: HeaderPairs = [
      ["x-0123456789abcdef", "1"],
      ["x-b", "2"],
    ];
    expect(masked(answer({ headers }), by).answer.headers).toEqual([["x-b", "2"]]);
  });

  it("loses it in the body, across chunks, and the length with it", async () => {
    const chunks = [
      `{"a":"${STRIPE.slice(0, 10)}`,
      STRIPE.slice(10),
      `","b":"${Buffer.from(`xy${STRIPE}`).toString("base64")}"}`,
    ];
    const result = masked(
      answer({
        headers: [
          ["Content-Length", "99"],
          ["etag", "x"],
        ],
        body: streamOf(chunks.map(utf8)),
      }),
    );
    expect(result.answer.headers).toEqual([["etag", "x"]]);
    expect(await textOf(result.answer)).toMatch(/^\{"a":"\[secret KEY\]","b":"eH.?\[secret KEY\].{0,3}"\}$/);
  });

  it.each(CODINGS)("loses it in a body that is encoded although nobody asked: %s", async (coding, encode) => {
    const body = streamOf([encode(utf8(`${"a".repeat(50_000)}${STRIPE}`))]);
    const result = masked(
      answer({
        headers: [
          ["content-encoding", coding],
          ["content-type", "text/plain"],
        ],
        body,
      }),
    );
    expect(result.answer.headers).toEqual([["content-type", "text/plain"]]);
    expect(await textOf(result.answer)).toBe(`${"a".repeat(50_000)}[secret KEY]`);
  });

  it("is not passed on in a coding that nobody knows, and breaks off where it is none", async () => {
    const headers: HeaderPairs = [["content-encoding", "compress"]];
    expect(maskAnswer(answer({ headers, body: streamOf([]) }), carried)).toEqual({ kind: "unreadable" });
    expect(maskAnswer(answer({ headers }), carried).kind).toBe("masked");
    const broken = masked(
      answer({ headers: [["content-encoding", "gzip"]], body: streamOf([utf8("no gzip")]) }),
    );
    await expect(textOf(broken.answer)).rejects.toThrow();
  });

  it.each([
    [`https://evil.example/?a=${STRIPE}`, true],
    [`/again?key=${encodeURIComponent(STRIPE)}`, true],
    [`https://evil.example/${Buffer.from(`x:${STRIPE}`).toString("base64url")}`, true],
    [`//${Buffer.from(STRIPE).toString("hex")}.evil.example/`, true],
    ["https://api.stripe.com/v2", false],
  ])("says whether it leads to where the secret would be shown: %s", (location, isLocationSecret) => {
    expect(masked(answer({ status: 302, headers: [["Location", location]] })).isLocationSecret).toBe(
      isLocationSecret,
    );
  });

  it("loses Basic credentials whole, as well as the secret alone", () => {
    const credentials = Buffer.from(`me:${STRIPE}`).toString("base64");
    const headers: HeaderPairs = [
      ["x-echo", `Basic ${credentials}`],
      ["x-user", `me:${STRIPE}`],
      ["x-key", STRIPE],
    ];
    const { answer: out } = masked(answer({ headers }), asBasic);
    expect(out.headers[0]?.[1]).toMatch(/^Basic \[secret KEY\].{0,2}$/);
    expect(out.headers.slice(1)).toEqual([
      ["x-user", "[secret KEY]"],
      ["x-key", "[secret KEY]"],
    ]);
  });

  it("keeps what it did not carry, and is the very same when it carried nothing", () => {
    const given = answer({ headers: [["x", "another_secret_value"]], body: streamOf([]) });
    expect(masked(given).answer.headers).toEqual(given.headers);
    expect(masked(given, []).answer).toBe(given);
  });
});

describe("the mask of what a request has carried", () => {
  const carriedOf = (value: string) => {
    const { placeholders, text } = runOf([secret("KEY", value)]);
    return carriedBy(filled(placeholders, { headers: [["authorization", text("KEY")]] }));
  };

  it("is made once for all runs that carry the same, and never one of other texts", () => {
    const first = maskOfCarried(carriedOf("the-first-value"));
    expect(maskOfCarried(carriedOf("the-first-value"))).toBe(first);
    const second = maskOfCarried(carriedOf("the-second-value"));
    expect([second.text("the-second-value"), first.text("the-first-value")]).toEqual([
      "[secret KEY]",
      "[secret KEY]",
    ]);
    expect(maskOfCarried(asBasic)).not.toBe(maskOfCarried(carried));
  });
});
