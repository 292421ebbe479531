import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { AppError } from "../../src/lib/errors.ts";
import { mintAccount } from "../support/account.ts";
import { createLibraryWorld, type LibraryWorld } from "../support/library.ts";

/*
 * What a publish writes, and what comes between it and others: on real D1 and KV, with a compiler that says of a program
 * which versions it is made of.
 */
const world = async (): Promise<LibraryWorld> => createLibraryWorld(await mintAccount());

let made = 0;
const script = async ({ scripts, principal }: LibraryWorld, name: string, source = "one") =>
  (await scripts.create(principal(), { name, source })).id;
const responder = async (
  { responders, principal }: LibraryWorld,
  given: { readonly ref: string } | { readonly source: string },
): Promise<string> => {
  made += 1;
  return (await responders.create(principal(), { name: `R${made}`, path: `/r${made}`, script: given })).id;
};
const publish = ({ scripts, principal }: LibraryWorld, id: string, source: string) =>
  scripts.update(principal(), id, { source }, undefined);
const refusal = async (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => {
      throw new Error("It was not refused.");
    },
    (error: AppError) => error,
  );
const routesRevision = async (accountId: string): Promise<number | null | undefined> =>
  env.DB.prepare("select routesRevision from accounts where id = ?").bind(accountId).first("routesRevision");

describe("publishing a version", () => {
  it("reaches those that follow the latest, directly and through others; a pinned one stays", async () => {
    const here = await world();
    const a = await script(here, "a");
    const b = await script(here, "b", "import a");
    const direct = await responder(here, { ref: "a" });
    const inline = await responder(here, { source: "import a\nimport a@1" });
    const through = await responder(here, { ref: "b" });
    const pinned = await responder(here, { ref: "a@1" });
    const before = await here.responders.read(here.principal(), direct);
    await publish(here, a, "two");
    expect(await here.programOf(direct)).toBe("a@2");
    expect(await here.programOf(inline)).toBe("a@2 a@1");
    expect(await here.programOf(through)).toBe("b@1 a@2");
    expect(await here.programOf(pinned)).toBe("a@1");
    // Its definition has not changed.
    expect(await here.responders.read(here.principal(), direct)).toEqual(before);
    const { usedBy } = await here.scripts.read(here.principal(), a);
    expect(usedBy.responders.map(({ id, wanted, version }) => [id, wanted, version])).toEqual([
      [direct, 0, 2],
      [inline, 0, 2],
      [inline, 1, 1],
      [through, 0, 2],
      [pinned, 1, 1],
    ]);
    expect(usedBy.scripts).toEqual([{ id: b, name: "b", wanted: 0 }]);
  });

  it("is refused whole, naming the responder, when one of them would break", async () => {
    const here = await world();
    const a = await script(here, "a");
    const fine = await responder(here, { ref: "a" });
    const id = await responder(here, { source: "import a\nonly a@1" });
    const error = await refusal(publish(here, a, "two"));
    expect(error).toMatchObject({ code: "invalid" });
    expect(error.errors).toEqual([
      {
        path: "source",
        message: expect.stringMatching(new RegExp(`^The responder "R\\d+" \\(${id}\\), which follows`)),
      },
    ]);
    expect(error.message).toContain("script.source:1:1: a is another.");
    expect(await here.programOf(fine)).toBe("a@1");
    expect(await here.scripts.read(here.principal(), a)).toMatchObject({ version: 1, source: "one" });
  });

  it("says before whom it would reach, and writes nothing", async () => {
    const account = await mintAccount();
    const here = createLibraryWorld(account);
    const a = await script(here, "a");
    const fine = await responder(here, { ref: "a" });
    const broken = await responder(here, { source: "import a\nonly a@1" });
    const before = await routesRevision(account.id);
    const foreseen = await here.scripts.foresee.update(here.principal(), a, { source: "two" }, undefined);
    expect(foreseen).toEqual({
      wouldPublish: false,
      responders: [
        {
          id: broken,
          name: expect.any(String),
          errors: [{ path: "script.source", message: "a is another.", line: 1, column: 1 }],
        },
        { id: fine, name: expect.any(String), errors: [] },
      ],
    });
    expect(await here.scripts.foresee.update(here.principal(), a, { source: "one" }, undefined)).toEqual({
      wouldPublish: false,
      responders: [],
    });
    expect(await routesRevision(account.id)).toBe(before);
    expect(await here.programOf(fine)).toBe("a@1");
    expect(
      await here.scripts.listVersions(here.principal(), a, { limit: 9, before: undefined }),
    ).toHaveLength(1);
  });

  it("is bounded in how many it reaches", async () => {
    const account = await mintAccount();
    const here = createLibraryWorld(account);
    const a = await script(here, "a");
    await env.DB.prepare(
      `insert into responder_scripts (responderId, accountId, scriptId, wanted, version)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < 201)
       select 'rsp_' || i, ?, ?, 0, 1 from n`,
    )
      .bind(account.id, a)
      .run();
    const error = await refusal(publish(here, a, "two"));
    expect(error).toMatchObject({ code: "over-limit", message: expect.stringContaining("200") });
  });

  it("needs the scopes of those secrets that a follower is granted", async () => {
    const account = await mintAccount();
    const here = createLibraryWorld(account);
    const a = await script(here, "a");
    const id = await responder(here, { ref: "a" });
    const grant = (use: object) =>
      env.DB.prepare("update responders set secretUse = ? where id = ?")
        .bind(
          JSON.stringify({
            mode: "none",
            ids: [],
            used: [],
            open: false,
            reveal: false,
            interpolate: false,
            ...use,
          }),
          id,
        )
        .run();
    const as = (...scopes: Parameters<LibraryWorld["principal"]>[0] & {}) =>
      here.scripts.update(here.principal(scopes), a, { source: scopes.join() }, undefined);
    await grant({ mode: "all" });
    const refused = await refusal(as("scripts:write"));
    expect(refused).toMatchObject({ code: "forbidden" });
    expect(refused.message).toContain("secrets:use");
    expect(refused.message).toContain(id);
    const foreseen = here.scripts.foresee.update(
      here.principal(["scripts:write"]),
      a,
      { source: "x" },
      undefined,
    );
    expect(await refusal(foreseen)).toMatchObject({ code: "forbidden" });
    await as("scripts:write", "secrets:use");
    await grant({ mode: "all", reveal: true });
    expect((await refusal(as("secrets:use", "scripts:write"))).message).toContain("secrets:reveal");
    await grant({ mode: "selected", interpolate: true });
    expect((await refusal(as("secrets:use", "scripts:write"))).message).toContain("secrets:reveal");
    await as("secrets:use", "secrets:reveal", "scripts:write");
    expect(await here.programOf(id)).toBe("a@3");
  });

  it("drops old versions that nobody asks for, and keeps those that somebody does", async () => {
    const here = await world();
    const a = await script(here, "a", "v1");
    for (let version = 2; version <= 4; version += 1) await publish(here, a, `v${version}`);
    await responder(here, { ref: "a@2" });
    await script(here, "b", "import a@3");
    await env.DB.prepare(
      "update script_versions set version = version + 196 where scriptId = ? and version = 4",
    )
      .bind(a)
      .run();
    await env.DB.prepare("update scripts set latest = 200 where id = ?").bind(a).run();
    await publish(here, a, "v201");
    const versions = await here.scripts.listVersions(here.principal(), a, { limit: 9, before: undefined });
    expect(versions.map(({ version }) => version)).toEqual([201, 200, 3, 2]);
  });
});

describe("at the same time", () => {
  it("of two publishes both hold, one after the other", async () => {
    const here = await world();
    const a = await script(here, "a");
    const id = await responder(here, { ref: "a" });
    here.between(() => publish(here, a, "two"));
    await publish(here, a, "three");
    expect(await here.scripts.read(here.principal(), a)).toMatchObject({ version: 3, source: "three" });
    expect(await here.programOf(id)).toBe("a@3");
    await Promise.all(["four", "five", "six"].map((source) => publish(here, a, source)));
    expect(await here.programOf(id)).toBe("a@6");
  });

  it("of two scripts of one responder, neither publish undoes the other", async () => {
    const here = await world();
    const a = await script(here, "a");
    const b = await script(here, "b");
    const id = await responder(here, { source: "import a\nimport b" });
    // The second linking is that of the follower: it has seen `b` as it was.
    here.between(async () => here.between(() => publish(here, b, "two")));
    await publish(here, a, "two");
    expect(await here.programOf(id)).toBe("a@2 b@2");
  });

  it("a save that a publish overtakes is made of the new version", async () => {
    const here = await world();
    const a = await script(here, "a");
    const id = await responder(here, { source: "other" });
    here.between(() => publish(here, a, "two"));
    await here.responders.update(here.principal(), id, { script: { ref: "a" } }, undefined);
    expect(await here.programOf(id)).toBe("a@2");
    here.between(() => publish(here, a, "three"));
    const fresh = await responder(here, { ref: "a" });
    expect(await here.programOf(fresh)).toBe("a@3");
    expect(await here.programOf(id)).toBe("a@3");
  });

  it("a publish that a save overtakes reaches what was saved", async () => {
    const here = await world();
    const a = await script(here, "a");
    const id = await responder(here, { ref: "a" });
    here.between(async () => {
      await here.responders.update(
        here.principal(),
        id,
        { script: { source: "import a\nimport a@1" } },
        undefined,
      );
    });
    await publish(here, a, "two");
    expect(await here.programOf(id)).toBe("a@2 a@1");
    let fresh = "";
    here.between(async () => {
      fresh = await responder(here, { ref: "a" });
    });
    await publish(here, a, "three");
    expect(await here.programOf(fresh)).toBe("a@3");
    here.between(() => here.responders.delete(here.principal(), fresh, undefined));
    await publish(here, a, "four");
    expect(await here.programOf(id)).toBe("a@4 a@1");
  });

  it("a script is not deleted, nor renamed, under one that begins to use it", async () => {
    const here = await world();
    const a = await script(here, "a");
    const b = await script(here, "b");
    here.between(() => here.scripts.delete(here.principal(), a, undefined));
    const error = await refusal(responder(here, { ref: "a" }));
    expect(error).toMatchObject({ code: "invalid" });
    here.between(() => here.scripts.update(here.principal(), b, { name: "c" }, undefined));
    expect(await refusal(script(here, "d", "import b"))).toMatchObject({ code: "invalid" });
    here.between(() => responder(here, { source: "import c" }));
    const renamed = here.scripts.update(here.principal(), b, { name: "d", source: "two" }, undefined);
    expect(await refusal(renamed)).toMatchObject({ code: "invalid" });
  });
});

describe("a library", () => {
  it("goes with its account", async () => {
    const account = await mintAccount();
    const here = createLibraryWorld(account);
    const ids: string[] = [];
    for (let each = 0; each < 21; each += 1)
      ids.push(await script(here, `s${each}`, each === 0 ? "" : "import s0"));
    await here.scripts.eraseAccount(account);
    for (const table of ["script_versions", "script_imports"]) {
      const left = env.DB.prepare(
        `select count(*) as left from ${table} where scriptId in (select value from json_each(?))`,
      );
      expect(await left.bind(JSON.stringify(ids)).first("left")).toBe(0);
    }
    expect(await here.scripts.count(account.id)).toBe(0);
  });
});
