import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { declarations } from "../../../build/declarations.ts";
import { TIER_LIMITS } from "../../../src/accounts/index.ts";
import { kvLimits } from "../../../src/responders/state/run-state.ts";
import { NO_STATE } from "../../../src/responders/state/trial-base.ts";
import { stateOfTrial } from "../../../src/responders/state/trial-state.ts";
import { createRuntime, forward, type ForwardPowers, kv, openRunBodies } from "../../../src/runtime/index.ts";
import { createExecute, type ScriptForm } from "../../../src/scripts/index.ts";
import { readDeclared } from "../../support/declared.ts";
import { fakeHttp } from "../../support/fake-http.ts";
import { engineModule } from "../../support/node-engine.ts";
import { INPUT, programOf, SHARE } from "../../support/run-script.ts";
import { secretsOf } from "../../support/granted-secrets.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const execute = createExecute({ run: runtime.run, randomBytes: (count) => new Uint8Array(count) });
const declared = readDeclared(declarations);
const limits = TIER_LIMITS.basic;

/** The members of values, by name, as `declared` writes them. */
type Shapes = Readonly<Record<string, readonly string[]>>;

/**
 * Describes what objects have of their own: `name()` for a function, `readonly name` for what cannot be set. What every class
 * and every error has is left out.
 */
const SHAPE = `((values) => {
  const native = ["length", "name", "prototype"];
  const shape = (value) => Reflect.ownKeys(value).flatMap((key) => {
    const { value: held, get, set, writable } = Reflect.getOwnPropertyDescriptor(value, key);
    if (key === "constructor" || key === Symbol.toStringTag || (typeof value === "function" && native.includes(key))) return [];
    if (Error.prototype.isPrototypeOf(value) && typeof held === "string") return [];
    if (typeof held === "function") return [String(key) + "()"];
    return [(get === undefined ? writable : set !== undefined) ? String(key) : "readonly " + String(key)];
  });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shape(value)]));
})`;

const UPSTREAM: ForwardPowers = {
  unitsPerByte: 0,
  forward: async ({ method, url }) => ({
    kind: "answered",
    status: 200,
    statusText: "",
    headers: [],
    body: null,
    forwarded: { method, url, headers: [] },
  }),
};

const runIn = async (form: ScriptForm | "hook", values: string, isGranted = true): Promise<Shapes> => {
  const body = `{ shapes: ${SHAPE}(${values}) }`;
  const codes = {
    module: `export default async (request, ctx) => ({ body: ${body} })`,
    hook: `export const onResponse = async (response, ctx) => ({ body: ${body} })`,
    expression: `(async () => ({ body: ${body} }))()`,
  };
  const state = stateOfTrial({ base: NO_STATE, limits, now: Date.now });
  const { answer, outcome } = await execute({
    program: programOf(form === "expression" ? form : "module", codes[form]),
    input: {
      ...INPUT,
      client: { ...INPUT.client, tlsVersion: "TLSv1.3" },
      replay: { of: "exc_01hzzzzzzzzzzzzzzzzzzzzzzz", at: 1 },
    },
    limits,
    share: SHARE,
    secrets: secretsOf({ KEY: "a secret" }).granted,
    grants: [
      ...(isGranted ? [kv(state, kvLimits(limits)), fakeHttp().grant()] : []),
      ...(form === "hook" ? [forward(UPSTREAM, openRunBodies())] : []),
    ],
    ...(form === "hook" ? { upstream: { mode: "forward" as const, waitMs: 1_000 } } : {}),
  }).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
    throw new Error(JSON.stringify(outcome));
  const { shapes }: { shapes: Record<string, string[]> } = JSON.parse(new TextDecoder().decode(answer.body));
  return Object.fromEntries(Object.entries(shapes).map(([name, members]) => [name, members.toSorted()]));
};

/** Objects that nothing but a name leads to: what a property is declared as says nothing about who may set it. */
const namesOf = (members: readonly string[]): readonly string[] =>
  members.map((member) => member.replace(/^readonly /, "")).toSorted();

/** Objects of the interfaces that no global class makes. */
const OBJECTS: Readonly<Record<ScriptForm, Readonly<Record<string, string>>>> = {
  module: {
    Console: "console",
    Performance: "performance",
    OpaqueBody: "Object.getPrototypeOf(request.body)",
    Context: "ctx",
    Client: "ctx.client",
    ResponderIdentity: "ctx.responder",
    Replay: "ctx.replay",
    SecretHandle: "Object.getPrototypeOf(ctx.secrets.KEY)",
    Kv: "ctx.kv",
    KvWritten: `await ctx.kv.set("a", 1)`,
    KvEntry: `await ctx.kv.set("a", 1).then(() => ctx.kv.getEntry("a"))`,
    KvListed: `await ctx.kv.set("a", 1).then(() => ctx.kv.list()).then(({ entries }) => entries[0])`,
    KvPage: "await ctx.kv.list()",
    KvWatched: `await ctx.kv.watch({ prefix: "", timeoutMs: 0 })`,
    CryptoKeyPair: `await crypto.subtle.generateKey("Ed25519", true, ["sign"])`,
  },
  expression: {
    ExpressionContext: "context",
    DenoCore: "Deno.core",
    DenoOps: "Deno.core.ops",
    ProxyResponse: `await Deno.core.ops.op_proxy_request({ url: "https://api.example.com/" })`,
    SecutilsCrypto: "secutils.crypto",
    SecutilsKv: "secutils.kv",
    SecutilsKvPage: "await secutils.kv.list()",
  },
};

/** What a global of a fresh realm is, is of the language: but for two, which are V8's. */
const LANGUAGE: readonly unknown[] = runInNewContext("Object.getOwnPropertyNames(globalThis)");
const isOfLanguage = (name: string): boolean =>
  LANGUAGE.includes(name) && name !== "console" && name !== "WebAssembly";

describe("the declarations", () => {
  let module: Shapes = {};
  let expression: Shapes = {};
  const globalsOf = ({ global = [] }: Shapes): readonly string[] =>
    global.map((name) => name.replace(/\(\)$|^readonly /g, "")).filter((name) => !name.startsWith("Symbol"));
  beforeAll(async () => {
    module = await runIn("module", "{ global: globalThis }");
    expression = await runIn("expression", "{ global: globalThis }");
  });

  it("declare the globals of both forms, beside the language's, and no others", () => {
    const there = new Set([...globalsOf(module), ...globalsOf(expression)]);
    expect([...there].filter((name) => !isOfLanguage(name)).toSorted()).toEqual(declared.globals);
    const ofExpressions = globalsOf(expression).filter((name) => !globalsOf(module).includes(name));
    expect(ofExpressions.toSorted()).toEqual(["Deno", "context", "secutils"]);
  });

  it("find the classes", () => {
    expect(declared.classes.length).toBeGreaterThan(18);
  });

  it("declare what each class and its instances have, who may set it, and nothing else", async () => {
    const { classes } = declared;
    const statics = await runIn("module", `{ ${classes.join()} }`);
    const prototypes = classes.map((name) => `${name}: ${name}.prototype`).join();
    const { event = [], ...members } = await runIn("module", `{ ${prototypes}, event: new Event("x") }`);
    const there = classes.map((name) => ({
      name,
      statics: statics[name],
      // The one attribute that instances have of their own.
      members: [...(members[name] ?? []), ...(name === "Event" ? event : [])].toSorted(),
    }));
    const said = classes.map((name) => ({
      name,
      statics: declared.membersOfGlobal(name).filter((member) => member !== "readonly prototype"),
      members: declared.membersOf(name),
    }));
    expect(said).toEqual(there);
  });

  it.each(Object.keys(OBJECTS.module))("declare what a %s has", async (name) => {
    const shapes = await runIn("module", `{ ${name}: ${OBJECTS.module[name]} }`);
    expect(namesOf(declared.membersOf(name))).toEqual(namesOf(shapes[name] ?? []));
  });

  it.each(Object.keys(OBJECTS.expression))("declare what a %s of the expression form has", async (name) => {
    const shapes = await runIn("expression", `{ ${name}: ${OBJECTS.expression[name]} }`);
    expect(namesOf(declared.membersOf(name))).toEqual(namesOf(shapes[name] ?? []));
  });

  it("declare what the globals that are objects have", async () => {
    const shapes = await runIn("expression", "{ Deno, secutils }");
    for (const name of ["Deno", "secutils"])
      expect([name, namesOf(declared.membersOfGlobal(name))]).toEqual([name, namesOf(shapes[name] ?? [])]);
  });

  it("declare what the engine adds to Error", async () => {
    const { Error: statics = [] } = await runIn("module", "{ Error }");
    const added = namesOf(statics).filter((member) => member !== "isError()");
    expect(declared.membersOf("ErrorConstructor").map((member) => member.replace("()", ""))).toEqual(
      added.map((member) => member.replace("()", "")),
    );
  });

  it("say what `ctx` has besides in onResponse", async () => {
    const { ctx = [], of = [] } = await runIn(
      "hook",
      "{ ctx, of: { request: ctx.request, forwarded: ctx.forwarded } }",
    );
    expect(namesOf(declared.membersOf("ResponseContext"))).toEqual(namesOf(ctx));
    expect(namesOf(of)).toEqual(["forwarded", "request"]);
  });

  it("say what a responder without state and egress has not", async () => {
    const { global = [] } = await runIn("expression", "{ global: globalThis }", false);
    const without = globalsOf(expression).filter((name) => !globalsOf({ global }).includes(name));
    expect(without).toEqual(["fetch"]);
    const { core = [] } = await runIn("expression", "{ core: Deno.core }", false);
    expect(namesOf(declared.membersOf("DenoCore")).filter((name) => !namesOf(core).includes(name))).toEqual([
      "ops",
    ]);
    const { ctx = [] } = await runIn("module", "{ ctx }", false);
    expect(namesOf(declared.membersOf("Context")).filter((name) => name !== "kv")).toEqual(namesOf(ctx));
    const { secutils = [] } = await runIn("expression", "{ secutils }", false);
    expect(secutils).toEqual(["crypto"]);
  });
});
