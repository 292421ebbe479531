import { describe, expect, it } from "vitest";
import { mintAccount } from "../support/account.ts";
import { pathsOf } from "../support/api.ts";
import { newJournal } from "../support/journal.ts";

describe("a HAR file", () => {
  it("has all that the filters take, oldest first, with bodies too long for a list", async () => {
    const journal = await newJournal();
    const long = "word ".repeat(30_000);
    const ids = await journal.record(
      { path: "/journal?n=1", method: "PUT", body: long },
      { path: "/journal?n=2" },
      { path: "/journal?n=3", method: "PUT", answer: "ok", answerHeaders: [["content-type", "text/plain"]] },
    );
    const { status, headers, body } = await journal.account.api("GET", `${journal.path}/exchanges.har`);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("content-disposition")).toBe(`attachment; filename="${journal.id}.har"`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body.log).toMatchObject({ version: "1.2", creator: { name: "Hookwright", version: "0.1.0" } });
    const urls = body.log.entries.map((entry: { request: { url: string } }) => entry.request.url);
    expect(urls.map((url: string) => url.slice(-1))).toEqual(["1", "2", "3"]);
    expect(body.log.entries[0].request.postData.text).toBe(long);
    expect(JSON.stringify(body.log.entries[2])).toContain(ids[2]);
    const some = await journal.account.api("GET", `${journal.path}/exchanges.har?method=PUT&q=n%3D3`);
    expect(some.body.log.entries).toHaveLength(1);
    const none = await journal.account.api("GET", `${journal.path}/exchanges.har?q=nothing`);
    expect(none.body.log.entries).toEqual([]);
  });

  it("has more than a page of them", async () => {
    const journal = await newJournal();
    await journal.record(...Array.from({ length: 230 }, (_, n) => ({ path: `/journal?n=${n}` })));
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges.har`);
    const numbers = body.log.entries.map((entry: { request: { url: string } }) =>
      Number(entry.request.url.split("n=")[1]),
    );
    expect(numbers).toEqual(Array.from({ length: 230 }, (_, n) => n));
  });

  it("shows credentials only where that is asked for", async () => {
    const journal = await newJournal();
    await journal.record({ headers: [["authorization", "Bearer sesame"]] });
    const read = async (query: string): Promise<string> =>
      JSON.stringify((await journal.account.api("GET", `${journal.path}/exchanges.har${query}`)).body);
    expect(await read("")).not.toContain("sesame");
    expect(await read("?redact=true")).not.toContain("sesame");
    expect(await read("?redact=false")).toContain("sesame");
    const wrong = await journal.account.api("GET", `${journal.path}/exchanges.har?redact=no`);
    expect([wrong.status, pathsOf(wrong)]).toEqual([422, ["redact"]]);
    const stranger = await mintAccount();
    expect((await stranger.api("GET", `${journal.path}/exchanges.har`)).status).toBe(404);
  });
});

describe("a copy of a request", () => {
  it("comes in each form, redacted unless asked otherwise", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({ headers: [["authorization", "Bearer sesame"]], body: "hello" });
    for (const [form, word] of [
      ["curl", "curl"],
      ["httpie", "http"],
      ["fetch", "fetch("],
      ["python", "import"],
    ] as const) {
      const path = `${journal.path}/exchanges/${id}/as/${form}`;
      const got = await journal.account.api("GET", path);
      expect([form, got.status, got.headers.get("content-type")]).toEqual([
        form,
        200,
        "text/plain; charset=utf-8",
      ]);
      expect(got.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
      expect(got.body).toContain(word);
      expect(got.body).toContain("hello");
      expect(got.body).not.toContain("sesame");
      expect((await journal.account.api("GET", `${path}?redact=false`)).body).toContain("sesame");
    }
  });

  it("is none of another form, or of somebody else's", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({});
    const got = await journal.account.api("GET", `${journal.path}/exchanges/${id}/as/wget`);
    expect([got.status, got.body.detail]).toEqual([
      404,
      expect.stringContaining("curl, httpie, fetch, python"),
    ]);
    const stranger = await mintAccount();
    expect((await stranger.api("GET", `${journal.path}/exchanges/${id}/as/curl`)).status).toBe(404);
  });
});
