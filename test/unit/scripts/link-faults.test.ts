import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import type { LinkInput, ScriptFault } from "../../../src/scripts/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { loadFrom, scriptLinker, type Sources } from "../../support/link-scripts.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const link = scriptLinker(runtime);

/** `FILE:LINE:COLUMN MESSAGE` of each fault. */
const faults = async (main: LinkInput["main"] | string, sources: Sources, input: Partial<LinkInput> = {}) => {
  const answer = await link(main, sources, input);
  const errors: readonly ScriptFault[] = answer.kind === "refused" ? answer.errors : [];
  return errors.map(({ file = "script", line, column, message }) => `${file}:${line}:${column} ${message}`);
};
const DEFAULT = "\nexport default () => null";

describe("a script that cannot be linked is refused at the import", () => {
  it.each<[string, Sources, string]>([
    [`\n import "scripts/a"; ${DEFAULT}`, {}, "script:2:2 There is no script `a` in the library"],
    [`import "scripts/a@3"; ${DEFAULT}`, { a: "export {}" }, "script:1:1 The script `a` has no version 3"],
    [`import "scripts/a@3"; ${DEFAULT}`, {}, "script:1:1 There is no script `a` in the library"],
    [
      `import "scripts/a"; ${DEFAULT}`,
      { a: 'export {};\nexport * from "scripts/b"' },
      "scripts/a:2:1 There is no script `b` in the library",
    ],
    [
      `import "scripts/a@1"; ${DEFAULT}`,
      { "a@1": 'export {};\nimport "scripts/b"' },
      "scripts/a@1:2:1 There is no script `b` in the library",
    ],
    [
      `import { a,\n  c as d } from "scripts/a"; ${DEFAULT}`,
      { a: "export const a = 1, b = 2" },
      "script:2:3 `scripts/a` does not export `c`: it exports `a`, `b`",
    ],
    [
      `import a from "scripts/a"; ${DEFAULT}`,
      { a: 'export * from "scripts/b"', b: "export default 1" },
      "script:1:8 `scripts/a` does not export `default`: it exports nothing",
    ],
    [
      `export { a as default } from "scripts/a"`,
      { a: "export const b = 1" },
      "script:1:10 `scripts/a` does not export `a`: it exports `b`",
    ],
    [
      `import { a } from "scripts/a"; ${DEFAULT}`,
      {
        a: 'export * from "scripts/b"; export * from "scripts/c"',
        b: "export const a = 1",
        c: "export const a = 1",
      },
      "script:1:10 `scripts/a` exports `a` from two scripts by `export *`: name the one that is meant",
    ],
    [
      `import "scripts/a"; ${DEFAULT}`,
      { a: "({ body: 1 })" },
      "script:1:1 `scripts/a` is an expression and exports nothing: only modules can be imported",
    ],
    [
      `import "scripts/a"; ${DEFAULT}`,
      { a: 'import "scripts/b"', b: 'import "scripts/c"', c: 'export {};\n import "scripts/b"' },
      "scripts/c:2:2 Scripts cannot import each other in a circle: scripts/b → scripts/c → scripts/b",
    ],
  ])("%j of %j", async (main, sources, fault) => {
    expect(await faults(main, sources)).toEqual([fault]);
  });

  it("that is asked for itself has no place", async () => {
    expect(await faults({ name: "a", version: null }, {})).toEqual([
      "script:null:null There is no script `a` in the library",
    ]);
    expect(await faults({ name: "a", version: 2 }, { a: "export {}" })).toEqual([
      "script:null:null The script `a` has no version 2",
    ]);
  });

  it("that imports itself in its new version is a circle", async () => {
    const sources = { "a@1": "export {}", "a@2": 'import "scripts/b"', b: 'import "scripts/a"' };
    expect(await faults({ name: "a", version: null }, sources, { as: "library" })).toEqual([
      "scripts/b:1:1 Scripts cannot import each other in a circle: scripts/a → scripts/b → scripts/a",
    ]);
    const earlier = { ...sources, b: 'import "scripts/a@1"' };
    expect(await faults({ name: "a", version: null }, earlier, { as: "library" })).toEqual([]);
  });

  it("is 10 scripts deep at most", async () => {
    const chain = (length: number): Sources =>
      Object.fromEntries(
        Array.from({ length }, (_, at) => [`m${at}`, at === 0 ? "export {}" : `import "scripts/m${at - 1}"`]),
      );
    expect(await faults(`import "scripts/m9"; ${DEFAULT}`, chain(10))).toEqual([]);
    expect(await faults(`import "scripts/m10"; ${DEFAULT}`, chain(11))).toEqual([
      "scripts/m1:1:1 Imports go more than 10 scripts deep",
    ]);
  });

  it("is made of 100 others at most, and loads no more", async () => {
    const names = Array.from({ length: 101 }, (_, at) => `m${at}`);
    const sources = Object.fromEntries(names.map((name) => [name, "export {}"]));
    const importing = (count: number) =>
      names
        .slice(0, count)
        .map((name) => `import "scripts/${name}";\n`)
        .join("") + DEFAULT;
    expect(await faults(importing(100), sources)).toEqual([]);
    let loaded = 0;
    const load = loadFrom(sources);
    const counted: LinkInput["load"] = (name, version) => {
      loaded += 1;
      return load(name, version);
    };
    expect(await faults(importing(101), {}, { load: counted })).toEqual([
      "script:101:1 More than 100 scripts of the library are imported",
    ]);
    expect(loaded).toBeLessThanOrEqual(100);
  });

  it("has 512 KiB of code at most, also of what a long name in place of a short one makes of it", async () => {
    const half = `export const text = "${"x".repeat(200_000)}"`;
    const three = 'import "scripts/a"; import "scripts/b"; import "scripts/c";';
    const tooLarge = "The script and all that it imports have more than 512 KiB of code";
    expect(await faults(three + DEFAULT, { a: half, b: half, c: half })).toEqual([`script:1:41 ${tooLarge}`]);
    const long = "x".repeat(10_000);
    const main = `import { ${long} as s } from "scripts/a"; export default () => [${"s,".repeat(20_000)}]`;
    expect(await faults(main, { a: `export const ${long} = 1` })).toEqual([`script:1:1 ${tooLarge}`]);
  });

  it("names no more than 20 names that are missing", async () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `n${at}`);
    expect(
      await faults(`import { ${names.join(", ")} } from "scripts/a"; ${DEFAULT}`, { a: "export {}" }),
    ).toHaveLength(20);
  });
});

describe("a responder", () => {
  it.each<[string, Sources, string]>([
    [
      "export const x = 1",
      {},
      "script:1:14 The module exports none of `default`, `onRequest` and `onResponse`",
    ],
    ["\nexport {}", {}, "script:1:1 The module exports none of `default`, `onRequest` and `onResponse`"],
    [
      "export const onRequest = () => {};\nexport default () => {}",
      {},
      "script:2:1 `default` is `onRequest` by another name: export one of the two",
    ],
    [
      '\n export * from "scripts/a"; export { default } from "scripts/a"',
      { a: "export const onRequest = () => {}; export default () => {}" },
      "script:2:38 `default` is `onRequest` by another name: export one of the two",
    ],
    ["export const onResponse = () => {}", {}, "script:null:null `onResponse` alone needs an upstream"],
  ])("needs handlers: %j", async (main, sources, fault) => {
    expect(await faults(main, sources)).toEqual([expect.stringContaining(fault)]);
  });

  it("needs those of a script of the library that it refers to, and the library does not", async () => {
    const sources = { a: "\nexport default { b: 1 }" };
    expect(await faults({ name: "a", version: null }, sources)).toEqual([
      expect.stringContaining("scripts/a:2:1 `default` is an object"),
    ]);
    expect(await faults({ name: "a", version: null }, sources, { as: "library" })).toEqual([]);
    const { a } = sources;
    expect(await faults('import a from "scripts/a"; export default () => a', { a })).toEqual([]);
  });

  it("with an upstream may have `onResponse` alone", async () => {
    expect(await faults("export const onResponse = () => {}", {}, { hasUpstream: true })).toEqual([]);
  });
});

it("what only the engine refuses stands in its own script", async () => {
  const a = "export const a = 1;\n() => {\n  a: b: for (;;) { continue a }\n}";
  expect(await faults(`import "scripts/a"; ${DEFAULT}`, { a })).toEqual([
    expect.stringContaining("scripts/a:3:null The engine does not accept this"),
  ]);
});
