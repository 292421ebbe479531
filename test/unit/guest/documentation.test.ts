import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TIER_LIMITS } from "../../../src/accounts/index.ts";
import { utf8 } from "../../../src/lib/bytes.ts";
import { kvLimits } from "../../../src/responders/state/run-state.ts";
import { NO_STATE } from "../../../src/responders/state/trial-base.ts";
import { stateOfTrial } from "../../../src/responders/state/trial-state.ts";
import {
  createRuntime,
  forward,
  type ForwardPowers,
  keepBody,
  kv,
  openRunBodies,
} from "../../../src/runtime/index.ts";
import { compile, createExecute, link } from "../../../src/scripts/index.ts";
import { fakeHttp } from "../../support/fake-http.ts";
import { engineModule } from "../../support/node-engine.ts";
import { loadFrom } from "../../support/link-scripts.ts";
import { INPUT, SHARE } from "../../support/run-script.ts";
import { secretsOf } from "../../support/granted-secrets.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const execute = createExecute({ run: runtime.run, randomBytes: (count) => new Uint8Array(count) });
const page = readFileSync(join(import.meta.dirname, "../../../docs/script-contract.md"), "utf8");
const examples = [...page.matchAll(/^```(js|ts)\n(.*?)^```$/gms)].map(([, language, source = ""]) => ({
  language: language === "ts" ? ("ts" as const) : ("js" as const),
  source,
}));

/** A body that each of the page's examples can read. */
const body = utf8(
  JSON.stringify({
    name: "Ada",
    id: "o1",
    repository: { full_name: "a/b" },
    lines: [{ price: 2 }, { price: 3 }],
  }),
);

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
/** What the page's examples are granted. */
const SECRETS = {
  GITHUB: "g",
  STRIPE: "whsec_s",
  STRIPE_OLD: "whsec_o",
  PARTNER: "p",
  SIGNING_KEY: String(privateKey.export({ format: "pem", type: "pkcs8" })),
};

/** What they are in front of. */
const UPSTREAM: ForwardPowers = {
  unitsPerByte: 0,
  forward: async ({ method, url }) => ({
    kind: "answered",
    status: 200,
    statusText: "OK",
    headers: [],
    body: keepBody(new Blob([body]).stream(), null, { most: 10_000, take: () => true }),
    forwarded: { method, url, headers: [] },
  }),
};

/** What they import. */
const load = loadFrom({
  sign: "export const sign = (total) => `signed ${total}`;",
  "orders@3": "export const total = ({ lines }) => lines.reduce((sum, { price }) => sum + price, 0);",
  headers: "export const onResponse = () => undefined;",
});

describe("the examples of docs/script-contract.md", () => {
  it("are there", () => {
    expect(examples).toHaveLength(15);
  });

  it.each(examples)("compile and answer: $source", async ({ source, language }) => {
    const compiled = await compile({ run: runtime.run }, { source, language, share: SHARE });
    if (compiled.kind === "refused") throw new Error(JSON.stringify(compiled.errors));
    const linked = await link(
      { run: runtime.run },
      { main: compiled.unit, as: "responder", hasUpstream: true, load, share: SHARE },
    );
    if (linked.kind === "refused") throw new Error(JSON.stringify(linked.errors));
    const state = stateOfTrial({ base: NO_STATE, limits: TIER_LIMITS.basic, now: Date.now });
    const bodies = openRunBodies();
    const { answer, end } = execute({
      program: linked.program,
      input: { ...INPUT, body, headers: [...INPUT.headers, ["x-github-delivery", "72d3162e"]] },
      limits: TIER_LIMITS.basic,
      share: SHARE,
      grants: [
        kv(state, kvLimits(TIER_LIMITS.basic)),
        fakeHttp(undefined, undefined, [body]).grant(bodies),
        forward(UPSTREAM, bodies),
      ],
      ...(/\bonRequest\b/.test(source) ? { upstream: { mode: "forward", waitMs: 1_000 } as const } : {}),
      secrets: secretsOf(SECRETS).granted,
    });
    expect((await end).kind).toBe("returned");
    expect((await answer).answer).not.toBeNull();
  });
});
