import { TIER_LIMITS } from "../../src/accounts/index.ts";
import { fromUtf8, utf8 } from "../../src/lib/bytes.ts";
import type { Capability } from "../../src/runtime/index.ts";
import { createExecute } from "../../src/scripts/index.ts";
import type { ExecuteRequest, ScriptForm } from "../../src/scripts/index.ts";
import type { Stage } from "./clean-room.ts";
import { httpGrant, type HttpGrantOptions } from "./http-grants.ts";
import { INPUT, programOf, SHARE } from "./run-script.ts";
import { requestOf, valueOf } from "./sandbox.ts";
import { secretsOf } from "./granted-secrets.ts";

/** Much of what there is, by name, and a little of what it does. */
const SURVEY = `(() => {
  const seen = new Set();
  let named = "";
  const look = (value, depth) => {
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
    seen.add(value);
    const keys = Reflect.ownKeys(value);
    named += keys.map(String).join();
    if (depth < 3) for (const key of keys) look(Object.getOwnPropertyDescriptor(value, key).value, depth + 1);
  };
  look(globalThis, 0);
  return [
    seen.size, named.length, Math.random(), [3, 1, 2].sort().map((n) => n * 2), JSON.parse('{"a":[1,{"b":null}]}'),
    [...new Map([["k", new Set([1])]])].length, "a-b-c".replace(/-(.)/g, "+$1"), 2n ** 70n + "", new Date(0).toJSON(),
    [...new Uint8Array([1, 2, 3]).map((n) => n * 3)], new Error("e").stack, typeof escape, [..."\\ud83d\\ude00x"].length,
  ];
})()`;

const inModule =
  (parameters: string): Stage["script"] =>
  (first, code) =>
    `${first}\n${code.includes("export ") ? code : `export default async (${parameters}) => { ${code} }`}`;

/** On the test's own prelude, which hands the door over. */
const doorStage = (more: () => readonly Capability[]): Stage => ({
  run: (runtime, code, account, limits) => {
    const request = requestOf(code, { limits: { cpuMs: 100, ...limits } });
    const grants = [...request.grants, ...more()];
    return runtime.run({ ...request, grants, share: { ...request.share, account } }).end;
  },
  script: inModule(""),
  answered: (outcome) => JSON.stringify(valueOf(outcome)),
  witness: `export default async () => { await null; return ${SURVEY} }`,
});
export const engineStage: Stage = doorStage(() => []);

/** …for a run that may send requests, to servers of the test's. */
export const httpDoorStage = (fetch: HttpGrantOptions["fetch"]): Stage =>
  doorStage(() => {
    const { secrets, placeholders } = stageSecrets();
    return [httpGrant({ fetch, secrets, placeholders, limits: TIER_LIMITS.basic, inputs: [utf8("input")] })];
  });

const bodyText = (body: unknown): string =>
  body instanceof Uint8Array ? fromUtf8(body) : JSON.stringify(body);

/** On the prelude of a form, as a hit runs. */
const hitStage = (
  form: ScriptForm,
  script: Stage["script"],
  witness: string,
  more: () => Pick<ExecuteRequest, "secrets" | "grants"> = () => ({}),
): Stage => ({
  run: (runtime, code, account, limits) =>
    createExecute({
      run: (request) => runtime.run({ ...request, share: { ...request.share, account } }),
      randomBytes: (count) => new Uint8Array(count),
    })({
      program: programOf(form, code),
      input: INPUT,
      limits: { ...TIER_LIMITS.basic, cpuMs: 100, ...limits },
      share: SHARE,
      ...more(),
    }).end,
  script,
  answered: ({ answer }) => bodyText(answer.body),
  witness,
});

const MODULE_WITNESS = `export default async (request, ctx) => {
    const sent = await request.json();
    console.log(sent, new URL("/a?b=c", request.url), ctx.params);
    return { headers: { "x-y": request.headers.get("accept") }, body: [sent, structuredClone(new Map([[1, 2]])).size, ${SURVEY}] };
  }`;

export const moduleStage = hitStage("module", inModule("request, ctx"), MODULE_WITNESS);

/** What a script of `secretsStage` is granted; none of it is ever to be seen in what comes out. */
export const STAGE_SECRETS = {
  KEY: "tangerine-sextant-9041-quill",
  HOOK: "whsec_dGhlIGtleSBvZiB0aGUgc3RhZ2U=",
  PEM: "-----BEGIN PRIVATE KEY-----\nbm9uZTpub25lOm5vbmU6bm9uZQ==\n-----END PRIVATE KEY-----",
};
const stageSecrets = () => {
  let next = 0;
  // The same placeholders in every run, so that two can be compared.
  const randomBytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => (next += 1));
  return secretsOf(STAGE_SECRETS, { randomBytes });
};
export const secretsStage = hitStage("module", inModule("request, ctx"), MODULE_WITNESS, () => ({
  secrets: stageSecrets().granted,
}));

/** …and may send requests, to servers of the test's. */
export const httpStage = (fetch: HttpGrantOptions["fetch"]): Stage =>
  hitStage("module", inModule("request, ctx"), MODULE_WITNESS, () => {
    const { granted, secrets, placeholders } = stageSecrets();
    const inputs = INPUT.body === null ? [] : [INPUT.body];
    const grant = httpGrant({ fetch, secrets, placeholders, limits: TIER_LIMITS.basic, inputs });
    return { secrets: granted, grants: [grant] };
  });

export const expressionStage = hitStage(
  "expression",
  (first, code) => `(async () => { ${first}\n${code} })()`,
  `(async () => {
    const sent = JSON.parse(Deno.core.decode(new Uint8Array(context.body)));
    return { headers: { "x-y": context.headers.accept }, body: [sent, context.query, ${SURVEY}] };
  })()`,
);
