import { eq } from "drizzle-orm";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createDb, schema } from "../../src/storage/index.ts";
import type { Got } from "../support/api.ts";
import { journalOf, type TestJournal } from "../support/journal.ts";
import { mintAccount } from "../support/account.ts";
import { backwards, formsOf, makeSecret } from "../support/secret-forms.ts";

const db = createDb(env.DB);
// Nothing in it reads the same in every form.
const VALUE = 'Ünïq/"wh+sec" %x?=&\\1';
const TOKEN = "tok_0123456789abcdef";

const script = (body: string): object => ({
  script: { source: `export default async (request, ctx) => { ${body} }`, language: "js" },
});
const ECHO = script(
  "return new Response(request.body, { headers: { 'x-got': request.headers.get('x-a') ?? '' } });",
);

const journalWith = async (more: object): Promise<TestJournal> => {
  const account = await mintAccount();
  await makeSecret(account, "KEY", VALUE);
  await makeSecret(account, "TOKEN", TOKEN);
  return journalOf(account, { path: "/hook/*", secrets: { mode: "all" }, ...more });
};

const hit = async (
  journal: TestJournal,
  path: string,
  init: RequestInit = {},
  method = "POST",
): Promise<string> => {
  const response = await journal.account.hit(method, `/hook${path}`, init);
  await response.arrayBuffer();
  const id = response.headers.get("x-request-id") ?? "";
  await expect.poll(async () => (await journal.log.read(id))?.id).toBe(id);
  return id;
};

const everything = async (journal: TestJournal, id: string): Promise<string> => {
  const { api } = journal.account;
  const base = `${journal.path}/exchanges`;
  const calls = [
    `${base}/${id}`,
    base,
    `${base}/${id}/request/body`,
    `${base}/${id}/response/body`,
    `${base}.har?redact=false`,
    `${base}/${id}/as/curl?redact=false`,
    `${base}/${id}/as/python?redact=false`,
  ];
  const got = await Promise.all(calls.map((path) => api("GET", path)));
  return got.map(({ body }) => (typeof body === "string" ? body : JSON.stringify(body))).join("\n");
};

const read = async (journal: TestJournal, id: string): Promise<Got["body"]> =>
  (await journal.account.api("GET", `${journal.path}/exchanges/${id}`)).body;
const replay = async (journal: TestJournal, id: string, json: object = {}): Promise<Got["body"]> => {
  const got = await journal.account.api("POST", `${journal.path}/exchanges/${id}/replay`, json);
  if (got.status !== 200) throw new Error(JSON.stringify(got.body));
  return got.body;
};

/** Eight characters in a row of a form would tell what the secret is. */
const leaks = (kept: string, form: string): readonly string[] => {
  const inner = form.slice(3, -5);
  return inner.length > 0 && kept.includes(inner) ? [form] : [];
};

describe("what is kept of a hit that carries a secret", () => {
  it("holds it in no form, wherever it stood", async () => {
    const journal = await journalWith(ECHO);
    for (const [name, form] of Object.entries(formsOf(VALUE))) {
      // One escaping alone is looked through.
      const inUrl = /percent|JSON/.test(name) ? encodeURIComponent(VALUE) : encodeURIComponent(form);
      const id = await hit(journal, `/forms?q=${inUrl}`, {
        body: `before ${form} after`,
        headers: { "x-a": inUrl, "x-token": `Bearer ${TOKEN}` },
      });
      const kept = await everything(journal, id);
      expect([name, leaks(kept, form), kept.includes(TOKEN)]).toEqual([name, [], false]);
      expect([name, (await read(journal, id)).request.body.text]).toEqual([
        name,
        expect.stringMatching(/^before .*\[secret KEY\].* after$/),
      ]);
    }
  });

  it("holds nothing of one in an error that is cut in the middle of it", async () => {
    const journal = await journalWith({
      ...script(
        "const error = new Error('-'.repeat(4080) + ctx.secrets.TOKEN); error.name = '-'.repeat(112) + ctx.secrets.TOKEN; throw error;",
      ),
      secrets: { mode: "all", reveal: true },
    });
    const id = await hit(journal, "/cut");
    const kept = await everything(journal, id);
    expect(kept).toContain("-".repeat(4080));
    expect(kept).not.toContain(TOKEN.slice(0, 3));
  });

  it("holds nothing of one in the URL of a request that is cut in the middle of it", async () => {
    const journal = await journalWith({
      ...script(
        "const url = 'https://a.test/'; await fetch(url + '-'.repeat(2040 - url.length) + ctx.secrets.TOKEN).catch(() => {}); return {};",
      ),
      egress: { mode: "hosts", hosts: ["b.test"] },
      secrets: { mode: "all", reveal: true },
    });
    const id = await hit(journal, "/cut");
    const kept = await everything(journal, id);
    expect(kept).toContain("https://a.test/---");
    expect(kept).not.toContain(TOKEN.slice(0, 3));
  });

  it("holds it not behind gzip either, and says that the body was decoded", async () => {
    const journal = await journalWith(ECHO);
    const zipped = new Response(`{"token":"${TOKEN}"}`).body?.pipeThrough(new CompressionStream("gzip"));
    const body = await new Response(zipped).arrayBuffer();
    const id = await hit(journal, "/zip", { body, headers: { "content-encoding": "gzip" } });
    const { request } = await read(journal, id);
    expect(request.body).toEqual({ text: '{"token":"[secret TOKEN]"}' });
    expect(request.headers).toContainEqual(["x-original-content-encoding", "gzip"]);
    expect(request.bodySize).toBe(body.byteLength);
  });

  it("holds it not behind the gzip of an answer that is that body, whatever the answer says of it", async () => {
    const echoes = [
      "return new Response(request.body);",
      "return new Response(request.body, { headers: { 'content-encoding': 'identity' } });",
      "return { body: new Uint8Array(await request.arrayBuffer()), headers: [['content-encoding', 'identity'], ['content-encoding', 'gzip']] };",
    ];
    const zipped = new Response(`{"token":"${TOKEN}"}`).body?.pipeThrough(new CompressionStream("gzip"));
    const body = await new Response(zipped).arrayBuffer();
    for (const echo of echoes) {
      const journal = await journalWith(script(echo));
      const id = await hit(journal, "/zip", { body, headers: { "content-encoding": "gzip" } });
      expect([echo, (await read(journal, id)).response.body]).toEqual([
        echo,
        { text: '{"token":"[secret TOKEN]"}' },
      ]);
    }
  });

  it("is as it came where nothing stood in it", async () => {
    const journal = await journalWith(ECHO);
    const bytes = Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7) % 256);
    const id = await hit(journal, "/plain?x=%41+b", { body: bytes, headers: { "x-a": "1" } });
    const { request } = await read(journal, id);
    expect(request.url).toContain("/plain?x=%41+b");
    expect(Buffer.from(request.body.base64, "base64").equals(Buffer.from(bytes))).toBe(true);
  });

  it("cannot be searched for it", async () => {
    const journal = await journalWith(ECHO);
    const id = await hit(journal, "/one", { body: `token=${TOKEN} end` });
    const found = async (q: string): Promise<number> =>
      (await journal.account.api("GET", `${journal.path}/exchanges?q=${encodeURIComponent(q)}`)).body.items
        .length;
    expect(id).not.toBe("");
    expect(await found("token=[secret")).toBe(1);
    expect(await found(TOKEN)).toBe(0);
    expect(await found(TOKEN.slice(0, 6))).toBe(0);
  });

  it("is so in console lines and errors too", async () => {
    const journal = await journalWith(
      script("const sent = await request.text(); console.log('got', sent); throw new TypeError(sent);"),
    );
    const id = await hit(journal, "/fail", { body: TOKEN });
    const { run } = await read(journal, id);
    expect(run.logs[0].text).toBe("got [secret TOKEN]");
    expect(run.outcome.error.message).toBe("[secret TOKEN]");
    expect(JSON.stringify(run)).not.toContain(TOKEN);
  });

  it("is so for a hit that was refused", async () => {
    const journal = await journalWith(ECHO);
    const id = await hit(journal, "/large", {
      body: new Uint8Array(11 * 1024 * 1024),
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const { request, response } = await read(journal, id);
    expect(response.status).toBe(413);
    expect(request.headers).toContainEqual(["authorization", "Bearer [secret TOKEN]"]);
  });

  it("is nothing that came from outside when a secret does not open", async () => {
    const journal = await journalWith(ECHO);
    const broken = eq(schema.secrets.accountId, journal.account.id);
    await db.update(schema.secrets).set({ sealed: "AAAA" }).where(broken);
    const id = await hit(journal, `/${TOKEN}?t=${TOKEN}`, { body: TOKEN, headers: { "x-a": TOKEN } });
    const kept = await everything(journal, id);
    expect(kept).not.toContain(TOKEN);
    expect((await read(journal, id)).run.outcome.error.name).toBe("SecretUnavailable");
  });
});

describe("a replay of a hit that carried a secret", () => {
  const CHECK = script(
    "const given = request.headers.get('authorization').slice(7); return { body: { ok: await ctx.secrets.TOKEN.equals(given), given } };",
  );
  const bearer = { headers: { authorization: `Bearer ${TOKEN}` } };

  it("finds it again on the host, while the script holds it no more than before", async () => {
    const journal = await journalWith(CHECK);
    const id = await hit(journal, "/a", bearer);
    const replayed = await replay(journal, id);
    expect(JSON.parse(replayed.response.body.text)).toEqual({ ok: true, given: "[secret TOKEN]" });
    expect(replayed.difference).toEqual([]);
    expect(JSON.stringify(replayed)).not.toContain(TOKEN);
    expect(JSON.stringify(replayed)).not.toContain("hwsec_");
  });

  it("can itself be replayed, once recorded", async () => {
    const journal = await journalWith(CHECK);
    const first = await hit(journal, "/a", bearer);
    const { exchange } = await replay(journal, first, { mode: "record" });
    await expect.poll(async () => (await journal.log.read(exchange))?.id).toBe(exchange);
    const again = await replay(journal, exchange);
    expect(JSON.parse(again.response.body.text).ok).toBe(true);
  });

  it("puts the text of now there, after the secret has changed", async () => {
    const journal = await journalWith(CHECK);
    const id = await hit(journal, "/a", bearer);
    const { body } = await journal.account.api("GET", "/secrets?q=TOKEN");
    await journal.account.api("PATCH", `/secrets/${body.items[0].id}`, { value: "tok_another_value" });
    expect(JSON.parse((await replay(journal, id)).response.body.text).ok).toBe(true);
  });

  it("quotes nothing of it to a script that has a made-up message verified", async () => {
    const journal = await journalWith(
      script(
        `const made = new Request("https://a.test/" + ctx.secrets.TOKEN, { headers: { "x-twilio-signature": "AAAA" } });
         const { reason } = await verifyWebhook(made, { scheme: "twilio", secret: ctx.secrets.TOKEN });
         return { body: [...reason].reverse().join("") };`,
      ),
    );
    const id = await hit(journal, "/a");
    const { text } = (await replay(journal, id)).response.body;
    expect(text).toContain(backwards("https://a.test/hwsec_"));
    expect(text).not.toContain(backwards(TOKEN));
  });

  it("takes for a mark nothing that a sender wrote", async () => {
    const journal = await journalWith(CHECK);
    const id = await hit(journal, "/a", { headers: { authorization: "Bearer [secret TOKEN]" } });
    const replayed = await replay(journal, id);
    expect(JSON.parse(replayed.response.body.text)).toEqual({ ok: false, given: "[secret TOKEN]" });
    const both = await hit(journal, "/a", { headers: { authorization: `Bearer [secret KEY]${TOKEN}` } });
    expect(JSON.parse((await replay(journal, both)).response.body.text).ok).toBe(false);
  });

  it("takes nothing for a mark that a sender wrote behind gzip", async () => {
    const journal = await journalWith(
      script("return { body: String(await ctx.secrets.KEY.equals((await request.text()).split(' ')[0])) };"),
    );
    const zipped = new Response(`[secret KEY] ${TOKEN}`).body?.pipeThrough(new CompressionStream("gzip"));
    const body = await new Response(zipped).arrayBuffer();
    const id = await hit(journal, "/zip", { body, headers: { "content-encoding": "gzip" } });
    expect((await read(journal, id)).request.body.text).toBe("[secret KEY] [secret TOKEN]");
    expect((await replay(journal, id)).response.body.text).toBe("false");
  });

  it("reads bodies and URLs so as well", async () => {
    const journal = await journalWith(
      script(
        `const { token } = await request.json(); const query = new URL(request.url).searchParams.get("t");
         return { body: [await ctx.secrets.KEY.equals(token), await ctx.secrets.KEY.equals(query), request.url.includes("[")] };`,
      ),
    );
    const id = await hit(journal, `/a?t=${encodeURIComponent(VALUE)}`, {
      body: JSON.stringify({ token: VALUE }),
    });
    const replayed = await replay(journal, id);
    expect(JSON.parse(replayed.response.body.text)).toEqual([true, true, false]);
    expect(replayed.difference).toEqual([]);
  });

  it("gives the text itself where the script has it anyway", async () => {
    const journal = await journalWith({
      ...script(
        "return { body: String(request.headers.get('authorization') === 'Bearer ' + ctx.secrets.TOKEN) };",
      ),
      secrets: { mode: "all", reveal: true },
    });
    const id = await hit(journal, "/a", bearer);
    expect((await replay(journal, id)).response.body.text).toBe("true");
  });
});
