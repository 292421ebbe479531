import { describe, expect, it } from "vitest";
import type { Principal } from "../../../src/accounts/index.ts";
import { toResponder, type ToResponderDeps } from "../../../src/journal/to-responder.ts";
import type { Exchange } from "../../../src/journal/index.ts";
import type { JournalLog } from "../../../src/journal/journal-log.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { limitsOf } from "../../../src/accounts/tiers.ts";
import { DEFAULTS, type Responder, type ResponderInput } from "../../../src/responders/index.ts";
import { exchangeOf } from "../../support/exchanges.ts";

const principal: Principal = {
  account: {
    id: "acc_1",
    handle: "demo",
    name: "demo",
    tier: "basic",
    limits: limitsOf("basic", {}),
    suspended: false,
    createdAt: 0,
  },
  keyId: "key_1",
  scopes: ["*"],
};

const notHere = (): never => {
  throw new Error("not here");
};

/** What would be created of an exchange; `taken` are names that others have. */
const mockOf = async (
  exchange: Exchange,
  { name = "api", taken = [] as readonly string[], label = null as string | null } = {},
): Promise<ResponderInput> => {
  let made: ResponderInput | undefined;
  const responder: Responder = {
    id: "rsp_1",
    definition: { ...DEFAULTS, name, path: "/*", label, secrets: { mode: "none" } },
    url: "",
    form: null,
    etag: "",
    createdAt: 0,
    updatedAt: 0,
  };
  const log: Pick<JournalLog, "read"> = { read: async () => exchange };
  const deps: ToResponderDeps = {
    hasResponder: async () => true,
    logOf: () => ({
      record: notHere,
      list: notHere,
      follow: notHere,
      pin: notHere,
      remove: notHere,
      clear: notHere,
      metrics: notHere,
      notices: notHere,
      erase: notHere,
      ...log,
    }),
    readResponder: async () => responder,
    createResponder: async (_, input) => {
      const errors = [{ path: "name", message: "It is taken." }];
      if (taken.includes(input.name ?? "")) throw new AppError("conflict", "It is taken.", { errors });
      made = input;
      return { ...responder, warnings: [] };
    },
  };
  await toResponder(deps, principal, "rsp_1", exchange.id);
  return made ?? {};
};

describe("a mock of an exchange", () => {
  it("is disabled, never a template, and takes its method and path alone", async () => {
    const exchange = exchangeOf({ method: "PUT", path: "/a/:b/*/c*", answer: "${secrets.KEY}", status: 418 });
    expect(await mockOf(exchange, { label: "v1" })).toEqual({
      name: "api: PUT /a/:b/*/c*",
      enabled: false,
      label: "v1",
      method: "PUT",
      path: "/a/%3Ab/%2A/c%2A",
      response: { status: 418, headers: [], body: "${secrets.KEY}", interpolate: false },
    });
  });

  it("has the headers that were recorded, but for those of one answer alone", async () => {
    const made = exchangeOf({ answer: "x" });
    const headers = [
      ["content-type", "text/plain"],
      ["connection", "close"],
      ["content-length", "1"],
      ["x-bad", "\ufffd"],
      ["x-request-id", made.id],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ] as const;
    const { response } = await mockOf({ ...made, response: { ...made.response, headers } });
    expect(response?.headers).toEqual([
      ["content-type", "text/plain"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
  });

  it("keeps an x-request-id that was the upstream's", async () => {
    const { response } = await mockOf(exchangeOf({ answerHeaders: [["x-request-id", "theirs"]] }));
    expect(response?.headers).toEqual([["x-request-id", "theirs"]]);
  });

  it("has not what path style adds", async () => {
    const csp = (value: string) => exchangeOf({ answerHeaders: [["content-security-policy", value]] });
    const inPathStyle = (made: Exchange): Exchange => ({
      ...made,
      request: { ...made.request, url: "http://localhost/~demo/hook" },
    });
    expect((await mockOf(inPathStyle(csp("sandbox")))).response?.headers).toEqual([]);
    expect((await mockOf(inPathStyle(csp("default-src 'none', sandbox")))).response?.headers).toEqual([
      ["content-security-policy", "default-src 'none'"],
    ]);
    expect((await mockOf(csp("sandbox"))).response?.headers).toHaveLength(1);
  });

  it("has encoded bytes as they were", async () => {
    const answerHeaders = [
      ["content-type", "application/json"],
      ["content-encoding", "gzip"],
    ] as const;
    const { response } = await mockOf(exchangeOf({ answerHeaders, answer: new Uint8Array([31, 139, 8]) }));
    expect(response).toMatchObject({ headers: answerHeaders, body: { base64: "H4sI" } });
  });

  it("finds a name that nobody has, and cuts a long one", async () => {
    const exchange = exchangeOf({ method: "GET", path: "/a" });
    const taken = ["api: GET /a", "api: GET /a (2)"];
    expect((await mockOf(exchange, { taken })).name).toBe("api: GET /a (3)");
    const long = await mockOf(exchange, { name: "n".repeat(100), taken: ["n".repeat(100)] });
    expect(long.name).toBe(`${"n".repeat(96)} (2)`);
  });

  it("is not made of a body that was not kept whole", async () => {
    const made = exchangeOf({ answer: "abc" });
    const body = { ...made.response.body, size: 10, truncated: true };
    await expect(mockOf({ ...made, response: { ...made.response, body } })).rejects.toThrow(
      /only 3 of 10 bytes/,
    );
  });
});
