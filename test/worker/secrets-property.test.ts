import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { call, keyWith, mintAccount, type TestAccount } from "../support/account.ts";
import { backwards, formsOf, makeSecret } from "../support/secret-forms.ts";

/**
 * Keys without `secrets:reveal` do what comes to their mind, in any order. Whatever the API answers them, and whatever a
 * hit on a responder answers that such a key made or changed, holds no secret in any form.
 */
const SCOPES = [
  "responders:write",
  "secrets:use",
  "secrets:read",
  "secrets:write",
  "scripts:write",
  "journal:replay",
  "journal:write",
  "state:write",
  "account:read",
] as const;

const MODULES = [
  "return { body: String(ctx.secrets.A) + ctx.secrets.B };",
  "return { body: JSON.stringify(ctx.secrets) + JSON.stringify({ a: ctx.secrets.A }) };",
  "console.log(ctx.secrets.A, `${ctx.secrets.B}`, ctx.secrets); throw new Error(String(ctx.secrets.A));",
  "await ctx.kv.set('k', String(ctx.secrets.A)); return { headers: { 'x-a': `${ctx.secrets.A}` } };",
  "return { body: await ctx.secrets.A.hmac('SHA-256', await request.text()) };",
  "try { await ctx.secrets.A.sign('RS256', 'x'); } catch (error) { return { body: error.message + error.stack }; }",
  "try { return { body: await ctx.secrets.A.hmac('SHA-256', 'x', { key: 'hex' }) }; } catch (error) { return { body: String(error) }; }",
  "return { body: ctx.secrets.A.basicAuth('user') + btoa(String(ctx.secrets.A)) };",
  "return { body: String(await ctx.secrets.A.equals(request.headers.get('x-a') ?? '')) };",
  "return { body: structuredClone({ ...ctx.secrets.A }) };",
  "const found = []; for (const key of Reflect.ownKeys(ctx.secrets.A)) found.push(String(key), String(ctx.secrets.A[key])); return { body: found };",
  "return { body: await verifyWebhook(request, { scheme: 'github', secret: ctx.secrets.A }) };",
  "return { body: request.url + JSON.stringify([...request.headers]) + await request.text() };",
  // What a run finds out is written so that no mask can see it.
  "const made = new Request('https://a.test/' + ctx.secrets.A, { headers: { 'x-twilio-signature': 'AAAA' } }); const { reason } = await verifyWebhook(made, { scheme: 'twilio', secret: ctx.secrets.A }); return { body: [...reason].reverse().join('') };",
  "return new Response(request.body, { headers: { 'x-b': request.headers.get('authorization') ?? '' } });",
  "return undefined;",
] as const;

const script = fc
  .constantFrom(...MODULES)
  .map((body) => ({ source: `export default async (request, ctx) => { ${body} }`, language: "js" }));
const secrets = fc.oneof(
  fc.constant({ mode: "all" }),
  fc.constant({ mode: "selected", names: ["A", "B"] }),
  fc.constant({ mode: "all", reveal: true }),
  fc.constant(null),
);
const response = fc.record({
  interpolate: fc.boolean(),
  body: fc.constantFrom("${secrets.A}", "plain ${secrets.B}"),
  headers: fc.constantFrom({}, { "x-key": "${secrets.A}" }),
});
const definition = fc.record({ script, secrets, response, kv: fc.boolean() }, { requiredKeys: [] });
const hit = fc.record({
  method: fc.constantFrom("GET", "POST"),
  path: fc.constantFrom("", "?q=1", "?q=${secrets.A}"),
  body: fc.constantFrom("hello", "[secret A]", "${secrets.A}"),
});
const which = fc.nat({ max: 3 });

type Step =
  | { readonly kind: "create" | "run"; readonly definition: object }
  | { readonly kind: "patch"; readonly which: number; readonly definition: object }
  | { readonly kind: "test"; readonly which: number; readonly hit: object }
  | {
      readonly kind: "hit";
      readonly which: number;
      readonly hit: { method: string; path: string; body: string };
    }
  | { readonly kind: "replay"; readonly which: number; readonly mode: string }
  | { readonly kind: "look"; readonly which: number }
  | { readonly kind: "retarget"; readonly change: object };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("create" as const, "run" as const), definition }),
  fc.record({ kind: fc.constant("patch" as const), which, definition }),
  fc.record({ kind: fc.constant("test" as const), which, hit }),
  fc.record({ kind: fc.constant("hit" as const), which, hit }),
  fc.record({ kind: fc.constant("replay" as const), which, mode: fc.constantFrom("dry", "record") }),
  fc.record({ kind: fc.constant("look" as const), which }),
  fc.record({
    kind: fc.constant("retarget" as const),
    change: fc.constantFrom<object>({ hosts: ["evil.test"] }, { in: ["query", "json"] }, { name: "A2" }),
  }),
);

const VALUES = { A: "whsec_Zm9vYmFyYmF6cXV4", B: 'pässwörd "with" %marks' };
const FORMS = Object.values(VALUES)
  .flatMap((value) => Object.values(formsOf(value)).concat(`<${backwards(value)}>`))
  // Without the letters at either end, which stand for neighbours too.
  .map((form) => form.replace(/^<|>$/g, "").slice(2, -4));

const LOOKS = [
  "",
  "/exchanges",
  "/exchanges.har?redact=false",
  "/state",
  "/state/k",
  "/revisions/1",
  "/metrics",
] as const;

interface Target {
  readonly id: string;
  readonly path: string;
  /** Made or changed by the key: its hits must tell nothing either. */
  own: boolean;
}

const play = async (
  account: TestAccount,
  targets: Target[],
  key: string,
  steps: readonly Step[],
): Promise<string> => {
  const heard: string[] = [];
  const api = async (method: string, path: string, json?: object) => {
    const got = await call(method, `/api/v1${path}`, { key, ...(json === undefined ? {} : { json }) });
    heard.push(JSON.stringify([got.body, [...got.headers]]));
    return got;
  };
  const secretIds = (await account.api("GET", "/secrets")).body.items.map(({ id }: { id: string }) => id);
  const onTarget = async (each: Extract<Step, { which: number }>, found: Target): Promise<void> => {
    const base = `/responders/${found.id}`;
    switch (each.kind) {
      case "patch": {
        const changed = await api("PATCH", base, each.definition);
        if (changed.status === 200 && Object.keys(each.definition).length > 0) found.own = true;
        return;
      }
      case "test":
        await api("POST", `${base}/test`, {});
        return;
      case "look":
        await Promise.all(LOOKS.map((more) => api("GET", base + more)));
        return;
      case "replay": {
        const { body } = await account.api("GET", `${base}/exchanges?limit=3`);
        for (const { id } of body.items ?? []) {
          await api("POST", `${base}/exchanges/${id}/replay`, { mode: each.mode });
        }
        return;
      }
      case "hit": {
        const { method, path, body } = each.hit;
        const answer = await account.hit(method, found.path + path, {
          headers: { authorization: `Bearer ${VALUES.A}`, "x-a": VALUES.A },
          ...(method === "GET" ? {} : { body: `${body} ${VALUES.A}` }),
        });
        const text = JSON.stringify([await answer.text(), [...answer.headers]]);
        // What the sender itself sent may come back to it.
        if (found.own) heard.push(text.replaceAll(VALUES.A, "(sent)"));
      }
    }
  };
  for (const [at, each] of steps.entries()) {
    if ("which" in each) {
      const found = targets[each.which % targets.length];
      if (found !== undefined) await onTarget(each, found);
    } else if (each.kind === "retarget") {
      for (const id of secretIds) await api("PATCH", `/secrets/${id}`, each.change);
    } else if (each.kind === "run") {
      await api("POST", "/run", { responder: { name: "R", path: "/r", ...each.definition } });
    } else {
      const path = `/own-${at}`;
      const made = await api("POST", "/responders", { name: `Own ${at}`, path, ...each.definition });
      if (made.status === 201) targets.push({ id: made.body.id, path, own: true });
    }
  }
  await api("GET", "/secrets");
  await Promise.all(secretIds.map((id: string) => api("GET", `/secrets/${id}`)));
  return heard.join("\n");
};

describe("keys without secrets:reveal", () => {
  it("never hear a secret, whatever they do in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...SCOPES], { minLength: 1 }),
        fc.array(step, { minLength: 3, maxLength: 12 }),
        async (scopes, steps) => {
          const account = await mintAccount();
          for (const [name, value] of Object.entries(VALUES)) await makeSecret(account, name, value);
          const exposing = await account.api("POST", "/responders", {
            name: "The owner's",
            path: "/owner",
            secrets: { mode: "all", reveal: true },
            response: { interpolate: true, body: "${secrets.B}" },
            script: {
              source:
                "export default async (request, ctx) => { console.log(ctx.secrets.B); await ctx.kv.set('k', ctx.secrets.B); return request.method === 'GET' ? null : { body: ctx.secrets.A }; }",
              language: "js",
            },
          });
          expect(exposing.status).toBe(201);
          const targets: Target[] = [{ id: exposing.body.id, path: "/owner", own: false }];
          const heard = await play(account, targets, await keyWith(account, scopes), steps);
          expect(FORMS.filter((form) => heard.includes(form))).toEqual([]);
        },
      ),
      { numRuns: 25, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false },
    );
  });
});
