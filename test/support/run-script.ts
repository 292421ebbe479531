import { TIER_LIMITS } from "../../src/accounts/index.ts";
import type { TierLimits } from "../../src/accounts/index.ts";
import type { Capability, Runtime } from "../../src/runtime/index.ts";
import { utf8 } from "../../src/lib/bytes.ts";
import { createExecute } from "../../src/scripts/index.ts";
import type {
  ExecuteRequest,
  Execution,
  Program,
  RunSecrets,
  ScriptForm,
  ScriptInput,
} from "../../src/scripts/index.ts";
import { firstPart } from "../../src/scripts/positions.ts";

export const SHARE = {
  account: "acc_test",
  unit: "rsp_test",
  runsPerAccount: 20,
  runsPerUnit: 10,
  cpuMsPer10s: null,
};

export const INPUT: ScriptInput = {
  requestId: "exc_01hzzzzzzzzzzzzzzzzzzzzzzz",
  method: "POST",
  url: "http://demo.localhost:8787/hooks/a%20b?x=1&y=two&x=3",
  path: "/hooks/a%20b",
  rawQuery: "x=1&y=two&x=3",
  headers: [
    ["accept", "*/*"],
    ["content-type", "application/json"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["x-many", "1, 2"],
  ],
  body: utf8('{"name":"Ada","n":[1,2]}'),
  client: { ip: "203.0.113.7", country: "DE", asn: 64_500 },
  params: { rest: "a b" },
  responder: { id: "rsp_01hzzzzzzzzzzzzzzzzzzzzzzz", name: "A test" },
};

export interface Options {
  readonly input?: Partial<ScriptInput>;
  readonly limits?: Partial<TierLimits>;
  readonly seed?: Uint8Array;
  readonly map?: string | null;
  readonly secrets?: RunSecrets;
  readonly grants?: readonly Capability[];
  readonly upstream?: ExecuteRequest["upstream"];
  readonly share?: ExecuteRequest["share"];
}

/** Compiled as the engine gets it: what `compile` would make of sources that need no stripping. */
export const programOf = (form: ScriptForm, code: string, map: string | null = null): Program => ({
  form,
  handlers: form === "module" ? ["default"] : [],
  code,
  parts: [firstPart("script", map)],
});

/** Runs programs on a real runtime, as a hit would. */
export const programRunner =
  (runtime: Runtime) =>
  (program: Program, options: Options = {}): Execution =>
    createExecute({
      run: runtime.run,
      randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    })({
      program,
      input: { ...INPUT, ...options.input },
      limits: { ...TIER_LIMITS.basic, ...options.limits },
      share: options.share ?? SHARE,
      seed: options.seed ?? new Uint8Array(16),
      ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
      ...(options.grants === undefined ? {} : { grants: options.grants }),
      ...(options.upstream === undefined ? {} : { upstream: options.upstream }),
    });

export const scriptRunner = (runtime: Runtime) => {
  const run = programRunner(runtime);
  return (form: ScriptForm, code: string, options: Options = {}): Execution =>
    run(programOf(form, code, options.map ?? null), options);
};

export type RunScript = ReturnType<typeof scriptRunner>;

const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/**
 * What the body of an async function returns, run as a script: JSON, so `undefined` comes back as `null`.
 * A throw, or any other ending than an answer, is thrown here.
 */
export const scriptEvaluator =
  (run: RunScript) =>
  async (body: string, options: Options = {}): Promise<unknown> => {
    const code = `export default async (request, ctx) => ({ body: [await (async () => { ${body} })()] })`;
    const { answer, outcome } = await run("module", code, options).answer;
    if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array)) {
      throw new Error(JSON.stringify("error" in outcome ? outcome.error : outcome));
    }
    const [value]: unknown[] = Object(jsonOf(answer.body));
    return value;
  };
