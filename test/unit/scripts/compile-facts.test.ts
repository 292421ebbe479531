import { describe, expect, it } from "vitest";
import type { ScriptFacts } from "../../../src/scripts/compiled.ts";
import { compileSource } from "../../../src/scripts/guest/compile-source.guest.ts";
import { programOfUnit } from "../../support/link-scripts.ts";
import { scriptWarnings } from "../../../src/scripts/warnings.ts";

const compiled = (source: string) => {
  const answer = compileSource({ source, language: "js" });
  if (answer.kind !== "compiled") throw new Error(JSON.stringify(answer.errors));
  return answer.unit;
};
const facts = (source: string): ScriptFacts => compiled(source).facts;
const names = (source: string) => facts(source).secrets.map(({ name }) => name);

describe("what a script uses", () => {
  it.each([
    ["export default (r, ctx) => ctx.secrets.A", ["A"]],
    ["export default (r, ctx) => ctx.secrets['A-B'] ?? ctx?.secrets?.C", ["A-B", "C"]],
    ["(() => context.secrets.A)()", ["A"]],
    ["export default (r, c) => c.secrets.A", ["A"]],
    ["export default (r, { secrets: { A, B: renamed, C = 1 } }) => A", ["A", "B", "C"]],
    ["export default (r, { secrets }) => secrets.A", ["A"]],
    [
      "export const onRequest = (r, c) => { const { secrets: s } = c; const { A } = s; return s.B }",
      ["A", "B"],
    ],
    ["const f = async (r, c) => { const s = c.secrets; return s.A }; export default f", ["A"]],
    ["export default (r, ctx) => 'A' in ctx.secrets", []],
    ["export default (r, ctx) => config.secrets.A", []],
    ["export default (r, ctx) => [ctx.secrets.B, ctx.secrets.A, ctx.secrets.B]", ["B", "A"]],
  ])("names its secrets: %s", (source, expected) => {
    expect(names(source)).toEqual(expected);
  });

  it.each([
    ["export default (r, ctx) => ctx.secrets[r.url]", true],
    ["export default (r, ctx) => sign(ctx.secrets)", true],
    ["export default (r, { secrets: { A, ...rest } }) => A", true],
    ["export default (r, other) => helper.secrets.A", true],
    ["export default (r, ctx) => ctx.secrets.A", false],
    ["export default (r, ctx) => { const { A } = ctx.secrets; return 'B' in ctx.secrets }", false],
  ])("says whether more names may be read: %s", (source, open) => {
    expect(facts(source).secretsOpen).toBe(open);
  });

  it("finds handles that are compared", () => {
    const source =
      "export default (r, ctx) => {\n  const { A } = ctx.secrets;\n  return r.x === A || (ctx.secrets.B) != 1\n}";
    expect(facts(source).comparesSecret).toEqual([
      { name: "A", line: 3, column: 10 },
      { name: "B", line: 3, column: 23 },
    ]);
  });

  it.each([
    ["export default () => fetch('https://a.example')", ["fetch"]],
    ["export default () => globalThis.fetch('https://a.example')", ["fetch"]],
    ["Deno.core.ops.op_proxy_request({ url: 'https://a.example' })", ["op_proxy_request"]],
    ["const fetch = () => 1; export default () => fetch()", []],
    ["export default ({ fetch }) => fetch()", []],
    ["export default (r) => r.fetch({ fetch: 1 })", []],
    ["export default () => typeof process === 'undefined' ? 1 : process.env", []],
    ["export default () => process.env.A + require('a')", ["process", "require"]],
    ["export default (f) => f instanceof Function || new Function('1')", ["Function"]],
    ["export default async (r, ctx) => ({ body: await ctx.kv.get('a') ?? ctx?.['kv'] })", ["ctx.kv"]],
    ["export default async (r, c) => { const { kv: store } = c; return store }", ["ctx.kv"]],
    ["export default async (r, { kv }) => kv.get('a')", ["ctx.kv"]],
    ["secutils.kv.get('a')", ["secutils.kv"]],
    ["export default (r, ctx) => ctx.kv?.get('a')", []],
    ["export default (r, ctx) => 'kv' in ctx ? ctx.kv.get('a') : null", []],
    ["export default (r, ctx) => r.kv ?? config.kv ?? { kv: 1 }", []],
    ["export default () => { try { x() } catch (process) { return process } }", []],
  ])("finds globals that are not its own: %s", (source, expected) => {
    expect(facts(source).globals.map(({ name }) => name)).toEqual(expected);
  });

  it.each([
    ["(context) => ({})", { line: 1, column: 1 }],
    ["\n(async function () {})", { line: 2, column: 2 }],
    ["1, () => 2", { line: 1, column: 4 }],
    ["(() => ({}))()", null],
    ["export default () => null", null],
  ])("sees a function that nobody calls: %j", (source, uncalled) => {
    expect(facts(source).uncalled).toEqual(uncalled);
  });
});

const warningsOf = (source: string, grants?: Parameters<typeof scriptWarnings>[1]) => {
  const unit = compiled(source);
  return scriptWarnings({ program: programOfUnit(unit), facts: unit.facts }, grants);
};
const messages = (source: string, grants?: Parameters<typeof scriptWarnings>[1]) =>
  warningsOf(source, grants).map(({ line, column, message }) => `${line}:${column} ${message}`);
const granted = (given: string[], mode: "selected" | "all" = "selected") => ({
  secrets: { mode, names: given },
  egress: { mode: "public" as const },
  hasUpstream: true,
});

describe("the warnings of a save", () => {
  it("name a secret that is used and not granted", () => {
    const source = "export default (r, ctx) => ctx.secrets.A";
    expect(messages(source)).toEqual([
      "1:28 The secret `A` is used, but this responder is granted no secrets.",
    ]);
    expect(messages(source, granted(["B"]))).toEqual([
      "1:28 The secret `A` is used, but this responder is not granted it: add it to `secrets.names`.",
      "undefined:undefined The secret `B` is granted, but not used.",
    ]);
    expect(messages(source, granted([], "all"))).toEqual([
      "1:28 The secret `A` is used, but there is no secret of this name.",
    ]);
    expect(messages(source, granted(["A"]))).toEqual([]);
  });

  it("do not say that a secret is not used when it cannot be told", () => {
    expect(messages("export default (r, ctx) => ctx.secrets[r.url]", granted(["A"]))).toEqual([]);
  });

  it("name what the sandbox does not have", () => {
    expect(messages("export default () => fetch(Buffer.from('a'))")).toEqual([
      "1:22 `fetch` does not exist for this responder: it is granted no `egress`.",
      "1:28 `Buffer` does not exist in the sandbox: use `Uint8Array`, `TextEncoder`, `atob` and `btoa`.",
    ]);
    expect(messages("export default () => fetch('https://a.example')", granted([]))).toEqual([]);
  });

  it("name state that is not granted, or is of the other form", () => {
    const source = "export default (r, ctx) => ctx.kv.get('a')";
    expect(messages(source)).toEqual([
      "1:28 `ctx.kv` does not exist for this responder: its field `kv` is false.",
    ]);
    expect(messages(source, { kv: true })).toEqual([]);
    expect(messages("export default () => secutils.kv.get('a')", { kv: true })).toEqual([
      "1:22 `secutils.kv` does not exist in this form of script: here it is `ctx.kv`.",
    ]);
    expect(messages("secutils.kv.get('a')", { kv: true })).toEqual([]);
  });

  it("name a handle that is compared, a hook that is never called and a function that nobody calls", () => {
    expect(messages("export default (r, { secrets: { A } }) => r === A", granted(["A"]))).toEqual([
      "1:43 `A` is a handle, never the secret itself: compare with `await handle.equals(value)`.",
    ]);
    const both = "export const onRequest = () => null, onResponse = () => null";
    expect(messages(both)).toEqual([
      "undefined:undefined `onResponse` is never called: this responder has no upstream.",
    ]);
    expect(messages(both, granted([]))).toEqual([]);
    expect(messages("() => ({})")).toEqual([expect.stringContaining("1:1 This expression is a function")]);
  });
});
