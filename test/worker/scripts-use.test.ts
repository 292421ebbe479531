import { describe, expect, it, vi } from "vitest";
import { mintAccount, type TestAccount } from "../support/account.ts";
import { type Got, pathsOf } from "../support/api.ts";

/* Responders that are made of scripts of the library: by `ref`, and by imports. */
const greet = (word: string): string => `export const greet = (name) => "${word}, " + name;\n`;
const ANSWER = 'import { greet } from "scripts/greet";\nexport default () => new Response(greet("you"));\n';

const script = async (account: TestAccount, name: string, source: string): Promise<string> => {
  const got = await account.api("POST", "/scripts", { name, source });
  expect(got.body).toMatchObject({ name });
  return got.body.id;
};
const responder = async (account: TestAccount, path: string, given: object): Promise<Got["body"]> => {
  const got = await account.api("POST", "/responders", { name: path, path, script: given });
  expect(got.body).toMatchObject({ path });
  return got.body;
};
const answer = async (account: TestAccount, path: string): Promise<string> =>
  (await account.hit("GET", path)).text();
const publish = (account: TestAccount, id: string, source: string): Promise<Got> =>
  account.api("PATCH", `/scripts/${id}`, { source });

describe("a responder", () => {
  it("imports scripts, and runs a script of the library by its name; pinned ones stay", async () => {
    const account = await mintAccount();
    const id = await script(account, "greet", greet("Hello"));
    const main = await script(account, "answer", ANSWER);
    await responder(account, "/inline", { source: ANSWER });
    await responder(account, "/pinned", { source: ANSWER.replace("scripts/greet", "scripts/greet@1") });
    const ref = await responder(account, "/ref", { ref: "answer" });
    await responder(account, "/ref1", { ref: "answer@1" });
    expect(ref).toMatchObject({ script: { ref: "answer" }, form: "module", warnings: [] });
    for (const path of ["/inline", "/pinned", "/ref", "/ref1"])
      expect(await answer(account, path)).toBe("Hello, you");
    const foreseen = await account.api("PATCH", `/scripts/${id}?dryRun=1`, { source: greet("Bye") });
    expect(foreseen.body).toMatchObject({ wouldPublish: true });
    expect(foreseen.body.responders.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])).toEqual(
      [
        ["/ref1", true],
        ["/ref", true],
        ["/inline", true],
      ],
    );
    expect(await answer(account, "/inline")).toBe("Hello, you");
    expect((await publish(account, id, greet("Bye"))).body).toMatchObject({ version: 2 });
    for (const path of ["/inline", "/ref", "/ref1"]) expect(await answer(account, path)).toBe("Bye, you");
    expect(await answer(account, "/pinned")).toBe("Hello, you");
    await publish(account, main, ANSWER.replace("you", "all"));
    expect(await answer(account, "/ref")).toBe("Bye, all");
    expect(await answer(account, "/ref1")).toBe("Bye, you");
    await account.api("POST", `/scripts/${id}/versions/1/restore`);
    expect(await answer(account, "/ref")).toBe("Hello, all");
    const read = await account.api("GET", `/scripts/${id}`);
    expect(read.body.usedBy).toMatchObject({
      responders: [
        { name: "/inline", wanted: "latest", version: 3 },
        { name: "/pinned", wanted: 1, version: 1 },
        { name: "/ref", wanted: "latest", version: 3 },
        { name: "/ref1", wanted: "latest", version: 3 },
      ],
      scripts: [{ id: main, name: "answer", wanted: "latest" }],
    });
  });

  it("can be an expression of the library too", async () => {
    const account = await mintAccount();
    await script(account, "plain", '({ body: "plain " + context.method })');
    const made = await responder(account, "/plain", { ref: "plain" });
    expect(made).toMatchObject({ form: "expression" });
    expect(await answer(account, "/plain")).toBe("plain GET");
  });

  it("keeps a publish that would break it from happening, and is named by it", async () => {
    const account = await mintAccount();
    const id = await script(account, "greet", greet("Hello"));
    const made = await responder(account, "/inline", { source: ANSWER });
    const refused = await publish(account, id, "export const bye = 1;\n");
    expect([refused.status, pathsOf(refused)]).toEqual([422, ["source"]]);
    expect(refused.body.detail).toContain(`"/inline" (${made.id})`);
    expect(refused.body.detail).toContain("greet");
    const foreseen = await account.api("PATCH", `/scripts/${id}?dryRun=1`, {
      source: "export const bye = 1;\n",
    });
    expect(foreseen.body).toMatchObject({
      wouldPublish: false,
      responders: [{ id: made.id, name: "/inline", ok: false, errors: [{ path: "script.source" }] }],
    });
    expect(await answer(account, "/inline")).toBe("Hello, you");
    expect((await account.api("GET", `/scripts/${id}`)).body).toMatchObject({ version: 1 });
  });

  it("is told of faults in the library by file, line and column", async () => {
    const account = await mintAccount();
    const nowhere = await account.api("POST", "/responders", {
      name: "A",
      path: "/a",
      script: { source: '\nimport "scripts/nowhere";\nexport default () => null;\n' },
    });
    expect(nowhere.body.errors).toMatchObject([{ path: "script.source", line: 2 }]);
    for (const ref of ["nowhere", "Bad", "a@0", "a@x", ""]) {
      const got = await account.api("POST", "/responders", { name: "A", path: "/a", script: { ref } });
      expect([got.status, pathsOf(got)]).toEqual([422, ["script.ref"]]);
    }
    // A library script without a handler answers nothing by itself.
    await script(account, "greet", greet("Hello"));
    const useless = await account.api("POST", "/responders", {
      name: "A",
      path: "/a",
      script: { ref: "greet" },
    });
    expect([useless.status, pathsOf(useless)]).toEqual([422, ["script.ref"]]);
    expect(useless.body.errors[0].message).toContain("scripts/greet");
  });

  it("is tried with what it imports, saved or not", async () => {
    const account = await mintAccount();
    await script(account, "greet", greet("Hello"));
    await script(account, "answer", ANSWER);
    const saved = await responder(account, "/saved", { ref: "answer" });
    const test = await account.api("POST", `/responders/${saved.id}/test`, {});
    expect(test.body.response).toMatchObject({ status: 200, body: { text: "Hello, you" } });
    for (const given of [{ ref: "answer" }, { source: ANSWER }]) {
      const run = await account.api("POST", "/run", { responder: { name: "N", path: "/n", script: given } });
      expect(run.body.response).toMatchObject({ status: 200, body: { text: "Hello, you" } });
    }
    const nothing = await account.api("POST", "/run", {
      responder: { name: "N", path: "/n", script: { ref: "nothing" } },
    });
    expect([nothing.status, pathsOf(nothing)]).toEqual([422, ["responder.script.ref"]]);
  });

  it("is replayed as it is now", async () => {
    const account = await mintAccount();
    const id = await script(account, "greet", greet("Hello"));
    const made = await responder(account, "/replayed", { source: ANSWER });
    const exchange = (await account.hit("GET", "/replayed")).headers.get("x-request-id") ?? "";
    const recorded = `/responders/${made.id}/exchanges/${exchange}`;
    await vi.waitFor(async () => expect((await account.api("GET", recorded)).status).toBe(200));
    await publish(account, id, greet("Bye"));
    const replay = await account.api("POST", `${recorded}/replay`, { mode: "dry" });
    expect(replay.body.response).toMatchObject({ body: { text: "Bye, you" } });
  });
});

describe("a rename", () => {
  it("is followed by those who are the script, and refused while sources import it", async () => {
    const account = await mintAccount();
    const id = await script(account, "answer", 'export default () => new Response("A");\n');
    const made = await responder(account, "/ref", { ref: "answer" });
    expect((await account.api("PATCH", `/scripts/${id}`, { name: "reply" })).status).toBe(200);
    const read = await account.api("GET", `/responders/${made.id}`);
    expect(read.body).toMatchObject({ script: { ref: "reply" }, etag: made.etag });
    await publish(account, id, 'export default () => new Response("B");\n');
    expect(await answer(account, "/ref")).toBe("B");
    const importing = await script(account, "importing", 'export { default } from "scripts/reply";\n');
    const refused = await account.api("PATCH", `/scripts/${id}`, { name: "other" });
    expect([refused.status, pathsOf(refused)]).toEqual([409, ["name"]]);
    expect(refused.body.detail).toContain(`the script importing (${importing})`);
    await account.api("DELETE", `/scripts/${importing}`);
    const inline = await responder(account, "/inline", {
      source: 'export { default } from "scripts/reply";\n',
    });
    const again = await account.api("PATCH", `/scripts/${id}`, { name: "other" });
    expect(again.body.detail).toContain(`the responder "/inline" (${inline.id})`);
    expect(again.body.detail).not.toContain(made.id);
  });
});

describe("a delete", () => {
  it("is refused while a responder or another script uses it, naming them", async () => {
    const account = await mintAccount();
    const id = await script(account, "greet", greet("Hello"));
    const importing = await script(account, "answer", ANSWER);
    const made = await responder(account, "/pinned", {
      source: ANSWER.replace("scripts/greet", "scripts/greet@1"),
    });
    const refused = await account.api("DELETE", `/scripts/${id}`);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain(`the script answer (${importing})`);
    expect(refused.body.detail).toContain(`the responder "/pinned" (${made.id})`);
    await account.api("DELETE", `/scripts/${importing}`);
    await account.api("DELETE", `/responders/${made.id}`);
    expect((await account.api("DELETE", `/scripts/${id}`)).status).toBe(204);
  });

  it("leaves revisions that name it, which no longer restore", async () => {
    const account = await mintAccount();
    const id = await script(account, "answer", 'export default () => new Response("A");\n');
    const made = await responder(account, "/ref", { ref: "answer@1" });
    await account.api("PATCH", `/responders/${made.id}`, { script: null });
    const kept = await account.api("GET", `/responders/${made.id}/revisions/1`);
    expect(kept.body.responder.script).toEqual({ ref: "answer@1" });
    expect((await account.api("DELETE", `/scripts/${id}`)).status).toBe(204);
    const after = await account.api("GET", `/responders/${made.id}/revisions/1`);
    expect(after.body.responder.script).toEqual({ ref: `${id}@1` });
    const restored = await account.api("POST", `/responders/${made.id}/revisions/1/restore`);
    expect([restored.status, pathsOf(restored)]).toEqual([422, ["script.ref"]]);
    expect(restored.body.detail).toContain("deleted");
  });
});
