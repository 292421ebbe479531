import { Buffer } from "node:buffer";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import engine from "../../../build/engine.wasm";
import { TIER_LIMITS } from "../../../src/accounts/index.ts";
import { utf8 } from "../../../src/lib/bytes.ts";
import { createRuntime, type Outcome } from "../../../src/runtime/index.ts";
import rsa from "../../fixtures/rsa-2048.json" with { type: "json" };
import { type Options, scriptEvaluator, scriptRunner } from "../../support/run-script.ts";
import { type Grants, secretsOf } from "../../support/granted-secrets.ts";

let memory: Uint8Array = new Uint8Array(0);
const runtime = createRuntime({
  module: engine,
  now: Date.now,
  // The engine's own memory, not a copy: it is what a run has written when it is looked at later.
  onRestored: (restored) => {
    memory = restored;
  },
});
const run = scriptRunner(runtime);
const js = scriptEvaluator(run);

const PASSWORD = "correct horse battery staple";
const WHSEC = `whsec_${Buffer.from("a key of some bytes").toString("base64")}`;
const PRIVATE = JSON.stringify(rsa.privateKey);
const BODY = '{"name":"Zoë"}';

const granted = (more: Readonly<Record<string, string>> = {}, options = {}): Grants =>
  secretsOf({ KEY: PASSWORD, HOOK: WHSEC, PRIVATE, ...more }, options);
const value = (body: string, grants: Grants = granted(), more: Options = {}): Promise<unknown> =>
  js(body, { secrets: grants.granted, ...more });
const thrown = (call: string): string =>
  `try { await ${call}; return "nothing" } catch (error) { return error.name + ": " + error.message }`;

const hmacOf = (hash: string, key: string | Uint8Array, data: string | Uint8Array): Buffer =>
  createHmac(hash, key).update(data).digest();

describe("ctx.secrets", () => {
  it("has a handle for each name that is granted, the same each time", async () => {
    expect(
      await value(`
        const { secrets } = ctx;
        return [secrets.KEY === secrets.KEY, "KEY" in secrets, "NOPE" in secrets, "toString" in secrets, Object.keys(secrets),
          Object.hasOwn(secrets, "HOOK"), JSON.stringify(secrets) === JSON.stringify({ ...secrets }), await secrets === secrets]`),
    ).toEqual([true, true, false, false, ["KEY", "HOOK", "PRIVATE"], true, true, true]);
  });

  it("throws for a name that is not granted, and cannot be changed", async () => {
    expect(await value(thrown("ctx.secrets.NOPE"))).toBe(
      "SecretNotGranted: The secret NOPE is not granted to this responder.",
    );
    expect(
      await value(`
        const attempts = [() => { ctx.secrets.KEY = 1 }, () => { ctx.secrets.NEW = 1 }, () => { delete ctx.secrets.KEY }, () => Object.freeze(ctx.secrets),
          () => Object.defineProperty(ctx.secrets, "KEY", { value: 1 }), () => Object.setPrototypeOf(ctx.secrets, {})];
        return [attempts.map((f) => { try { f(); return "done" } catch (e) { return e.name } }), typeof ctx.secrets.KEY, Object.keys(ctx.secrets).length]`),
    ).toEqual([Array.from({ length: 6 }, () => "TypeError"), "object", 3]);
  });

  it("is there without a grant, and empty", async () => {
    expect(
      await js(`return [Object.keys(ctx.secrets), JSON.stringify(ctx.secrets), typeof verifyWebhook]`),
    ).toEqual([[], "{}", "function"]);
    expect(await js(thrown("ctx.secrets.KEY"))).toMatch(/^SecretNotGranted/);
  });

  it("stands beside a replay's own words", async () => {
    const replay = { of: "exc_1", at: 5 };
    const seen = "return [ctx.replay ?? null, Object.keys(ctx.secrets).length]";
    expect(await value(seen, granted(), { input: { replay } })).toEqual([replay, 3]);
    expect(await value(seen)).toEqual([null, 3]);
    expect(await js(seen, { input: { replay } })).toEqual([replay, 0]);
  });
});

describe("context.secrets", () => {
  const expression = async (code: string, secrets = granted().granted): Promise<unknown> => {
    const { answer, outcome } = await run(
      "expression",
      `(async () => ({ body: { told: await (async () => { ${code} })() } }))()`,
      {
        secrets,
      },
    ).answer;
    if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
      throw new Error(JSON.stringify(outcome));
    return JSON.parse(new TextDecoder().decode(answer.body)).told;
  };

  it("is a plain object of handles, in which other names are not there", async () => {
    expect(
      await expression(
        `return [Object.getPrototypeOf(context.secrets) === Object.prototype, Object.keys(context.secrets), typeof context.secrets.NOPE, await context.secrets.KEY.equals(${JSON.stringify(PASSWORD)})]`,
      ),
    ).toEqual([true, ["KEY", "HOOK", "PRIVATE"], "undefined", true]);
  });

  it("verifies the context, whose body can be read before and after", async () => {
    const settings = '{ scheme: "hmac", header: "x-sign", secret: context.secrets.KEY }';
    const { answer } = await run(
      "expression",
      `(async () => { const before = context.body.length; const told = await verifyWebhook(context, ${settings}); return { body: { told, same: before === context.body.length } } })()`,
      {
        secrets: granted().granted,
        input: { body: utf8(BODY), headers: [["x-sign", hmacOf("sha256", PASSWORD, BODY).toString("hex")]] },
      },
    ).answer;
    expect(answer).toMatchObject({ body: utf8('{"told":{"ok":true,"secret":"KEY"},"same":true}') });
    expect(
      await expression(`return verifyWebhook({ ...context }, ${settings}).catch((e) => e.message)`),
    ).toBe("verifyWebhook takes `context` itself, or a Request, and this is an object.");
  });
});

describe("a handle", () => {
  it("reads as its placeholder in every string", async () => {
    const grants = granted();
    const [text = ""] = grants.granted.texts;
    expect(text).toMatch(/^hwsec_[a-z2-7]{40}$/);
    expect(
      await value(
        `const h = ctx.secrets.KEY;
        return [\`\${h}\`, h + "", String(h), h.toString(), JSON.parse(JSON.stringify({ h })).h, new Headers({ authorization: h }).get("authorization"),
          new URLSearchParams({ h }).get("h"), new TextDecoder().decode(new TextEncoder().encode(h)), await new Response(h).text(), [h].join(), "x".replace("x", h)]`,
        grants,
      ),
    ).toEqual(Array.from({ length: 11 }, () => text));
  });

  it("is shown by its name alone, and is no value to be copied or made", async () => {
    const { logs } = await run(
      "module",
      "export default (request, ctx) => { console.log(ctx.secrets.KEY, { a: [ctx.secrets.KEY] }) }",
      { secrets: granted().granted },
    ).end;
    expect(logs.map(({ text }) => text)).toEqual(["[secret KEY] { a: [ [secret KEY] ] }"]);
    expect(await value(thrown("structuredClone(ctx.secrets.KEY)"))).toMatch(/^DataCloneError/);
    expect(await value(thrown("new ctx.secrets.KEY.constructor()"))).toBe("TypeError: Illegal constructor");
    expect(await value(thrown("ctx.secrets.KEY.equals.call({}, 'x')"))).toMatch(
      /^TypeError: Illegal invocation/,
    );
    expect(await value("return Reflect.ownKeys(ctx.secrets.KEY)")).toEqual([]);
  });
});

describe("equals", () => {
  it("compares text and bytes", async () => {
    expect(
      await value(
        `const h = ctx.secrets.KEY; const p = ${JSON.stringify(PASSWORD)};
        return Promise.all([h.equals(p), h.equals(new TextEncoder().encode(p)), h.equals(p + "x"), h.equals(""), h.equals(null), h.equals(undefined), h.equals(String(h))])`,
      ),
    ).toEqual([true, true, false, false, false, false, false]);
    expect(await value(thrown("ctx.secrets.KEY.equals(5)"))).toBe(
      "TypeError: equals: the data is a number; give a string or bytes.",
    );
    expect(await value(thrown("ctx.secrets.KEY.equals(ctx.secrets.KEY)"))).toMatch(/^TypeError/);
  });

  it("ends a run at its twentieth false answer, which is not given", async () => {
    const guesses = (count: number) =>
      `export default async (request, ctx) => { let told = 0; for (let i = 0; i < ${count}; i += 1) { try { await ctx.secrets.KEY.equals("guess" + i); told += 1; console.log(told) } catch {} } return { body: [told] } }`;
    const many = await run("module", guesses(25), { secrets: granted().granted }).end;
    expect(many).toMatchObject({
      kind: "exceeded",
      limit: "calls",
      limitValue: 20,
      error: { message: expect.stringContaining("compared secrets 20 times"), line: 1 },
    });
    expect(many.logs).toHaveLength(19);
    expect((await run("module", guesses(19), { secrets: granted().granted }).end).kind).toBe("returned");
    const atOnce = `export default async (request, ctx) => { await Promise.all(Array.from({ length: 25 }, (_, i) => ctx.secrets[i % 2 ? "KEY" : "HOOK"].equals("guess"))) }`;
    expect(await run("module", atOnce, { secrets: granted().granted }).end).toMatchObject({ limit: "calls" });
  });

  it("counts no true answer", async () => {
    expect(
      await value(
        `let n = 0; for (let i = 0; i < 50; i += 1) n += await ctx.secrets.KEY.equals(${JSON.stringify(PASSWORD)}); return n`,
      ),
    ).toBe(50);
  });
});

describe("hmac", () => {
  it("gives what any other implementation gives, in four encodings", async () => {
    const expected = (hash: string) => hmacOf(hash, PASSWORD, "data").toString("hex");
    expect(
      await value(
        `return Promise.all(["SHA-1", "SHA-256", "SHA-384", "SHA-512"].map((hash) => ctx.secrets.KEY.hmac(hash, "data")))`,
      ),
    ).toEqual(["sha1", "sha256", "sha384", "sha512"].map(expected));
    const digest = hmacOf("sha256", PASSWORD, new Uint8Array([0, 255, 7]));
    expect(
      await value(`
        const of = (encoding) => ctx.secrets.KEY.hmac("SHA-256", new Uint8Array([0, 255, 7]), { encoding });
        const bytes = await of("bytes");
        return [await of("hex"), await of("base64"), await of("base64url"), bytes instanceof Uint8Array, [...bytes]]`),
    ).toEqual([
      digest.toString("hex"),
      digest.toString("base64"),
      digest.toString("base64url"),
      true,
      [...digest],
    ]);
  });

  it("takes the secret as what it is", async () => {
    const grants = secretsOf({
      B64: "AAEC/w==",
      URL: "AAEC_w",
      HEX: "000102Ff",
      HOOK: WHSEC,
      AWS: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    });
    const bytes = new Uint8Array([0, 1, 2, 255]);
    expect(
      await value(
        `const of = (name, key, more) => ctx.secrets[name].hmac("SHA-256", "x", { key, ...more });
        return [await of("B64", "base64"), await of("URL", "base64"), await of("HEX", "hex"), await of("HOOK", "whsec"), await of("AWS", "text", { keyPrefix: "AWS4" })]`,
        grants,
      ),
    ).toEqual(
      [bytes, bytes, bytes, "a key of some bytes", "AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"].map(
        (key) => hmacOf("sha256", key, "x").toString("hex"),
      ),
    );
  });

  it.each([
    ['hmac("MD5", "x")', 'TypeError: The hash is one of SHA-1, SHA-256, SHA-384, SHA-512, not "MD5".'],
    ['hmac("SHA-256", 5)', "TypeError: hmac: the data is a number; give a string or bytes."],
    ['hmac("SHA-256", "x", { encodings: "hex" })', "TypeError: hmac does not know the option encodings"],
    [
      'hmac("SHA-256", "x", { encoding: "utf8" })',
      "TypeError: encoding is one of hex, base64, base64url, bytes",
    ],
    ['hmac("SHA-256", "x", { key: "hex" })', "DataError: The secret KEY is not hex, as `key` says."],
    [
      'hmac("SHA-256", "x", { key: "whsec" })',
      "DataError: The secret KEY is not base64 (with or without whsec_",
    ],
    [
      'hmac("SHA-256", "x", { keyPrefix: "x".repeat(257) })',
      "TypeError: keyPrefix has at most 256 characters.",
    ],
    ['hmac("SHA-256", "x", "hex")', "TypeError: hmac: the options are a string; give an object."],
  ])("refuses %s", async (call, message) => {
    expect(String(await value(thrown(`ctx.secrets.KEY.${call}`))).startsWith(message)).toBe(true);
  });
});

describe("sign and jwt", () => {
  const { subtle } = crypto;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ed = generateKeyPairSync("ed25519");
  const grants = () =>
    secretsOf({
      RSA: PRIVATE,
      EC: String(ec.privateKey.export({ format: "pem", type: "sec1" })),
      ED: String(ed.privateKey.export({ format: "pem", type: "pkcs8" })),
      KEY: PASSWORD,
    });
  const publicRsa = { kty: "RSA", n: rsa.privateKey.n, e: rsa.privateKey.e };
  /** By the platform's own verifying: what each algorithm is called there. */
  const CHECKS = {
    RS256: [publicRsa, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }],
    PS256: [publicRsa, { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }],
    ES256: [ec.publicKey.export({ format: "jwk" }), { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }],
    EdDSA: [ed.publicKey.export({ format: "jwk" }), { name: "Ed25519" }],
  } as const;
  const isSigned = async (
    algorithm: keyof typeof CHECKS,
    data: Uint8Array<ArrayBuffer>,
    signature: Uint8Array<ArrayBuffer>,
  ): Promise<boolean> => {
    const [jwk, use] = CHECKS[algorithm];
    const key = await subtle.importKey("jwk", { kty: "", ...jwk }, use, false, ["verify"]);
    return subtle.verify(use, key, signature, data);
  };

  it.each([
    ["RSA", "RS256"],
    ["RSA", "PS256"],
    ["EC", "ES256"],
    ["ED", "EdDSA"],
  ] as const)("signs with %s by %s", async (name, algorithm) => {
    const made = await value(
      `return Promise.all([ctx.secrets.${name}.sign("${algorithm}", "data").then((bytes) => [...bytes]), ctx.secrets.${name}.jwt({ sub: "Zoë" }, { alg: "${algorithm}", header: { kid: "k1", alg: "none" } })])`,
      grants(),
    );
    const [signature, token]: unknown[] = Array.isArray(made) ? made : [];
    expect(await isSigned(algorithm, utf8("data"), Uint8Array.from(Object(signature)))).toBe(true);
    const [head = "", claims = "", signed = ""] = String(token).split(".");
    expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({
      alg: algorithm,
      typ: "JWT",
      kid: "k1",
    });
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toEqual({ sub: "Zoë" });
    expect(
      await isSigned(algorithm, utf8(`${head}.${claims}`), new Uint8Array(Buffer.from(signed, "base64url"))),
    ).toBe(true);
  });

  it("makes JWTs with a shared key too", async () => {
    const token = String(await value('return ctx.secrets.KEY.jwt({ a: 1 }, { alg: "HS512" })', grants()));
    const at = token.lastIndexOf(".");
    expect(token.slice(at + 1)).toBe(hmacOf("sha512", PASSWORD, token.slice(0, at)).toString("base64url"));
  });

  it.each([
    [
      'KEY.sign("RS256", "x")',
      /^DataError: The secret KEY holds no PEM or JWK private key: sign and jwt need one/,
    ],
    [
      'RSA.sign("ES256", "x")',
      /^DataError: The secret RSA holds a key of kind RSA, and ES256 needs one of kind P-256/,
    ],
    ['RSA.sign("RS512", "x")', /^TypeError: The algorithm is one of RS256, PS256, ES256, EdDSA, not "RS512"/],
    ["RSA.jwt({})", /^TypeError: alg is one of RS256/],
    ['RSA.jwt({}, { alg: "none" })', /^TypeError: alg is one of RS256/],
    ['RSA.jwt("x", { alg: "RS256" })', /^TypeError: jwt: what is claimed is a string/],
    ['RSA.jwt({}, { alg: "RS256", header: [] })', /^TypeError: jwt: header is an array/],
    ['RSA.jwt({ a: "x".repeat(70000) }, { alg: "RS256" })', /^TypeError: Claims have at most 65536 bytes/],
    [
      'RSA.jwt({}, { alg: "RS256", header: { a: "x".repeat(5000) } })',
      /^TypeError: A JWT's header has at most/,
    ],
  ])("refuses %s", async (call, message) => {
    expect(await value(thrown(`ctx.secrets.${call}`), grants())).toMatch(message);
  });

  it("refuses a key that the platform refuses, and tells nothing of it", async () => {
    const broken = JSON.stringify({ ...rsa.privateKey, q: rsa.privateKey.p });
    const told = String(
      await value(thrown('ctx.secrets.RSA.sign("RS256", "x")'), secretsOf({ RSA: broken })),
    );
    expect(told).toBe(
      "DataError: The secret RSA holds a private key that does not work: its parts do not belong together.",
    );
  });
});

describe("basicAuth", () => {
  it("gives a placeholder that stands for user and secret, the same for the same user", async () => {
    const grants = granted();
    const made = await value(
      'const h = ctx.secrets.KEY; return [h.basicAuth("ada"), h.basicAuth("ada"), h.basicAuth(""), h.basicAuth("Zoë")]',
      grants,
    );
    const [one, same, empty, wide]: string[] = Array.isArray(made) ? made : [];
    expect(one).toBe(same);
    expect(new Set([one, empty, wide]).size).toBe(3);
    expect([one, empty, wide].map((text) => grants.placeholders.find(text ?? "")?.basicUser)).toEqual([
      "ada",
      "",
      "Zoë",
    ]);
  });

  it.each(['"a:b"', '"a\\nb"', '"a\\0"', "5", '"x".repeat(1025)'])("refuses the user %s", async (user) => {
    expect(await value(thrown(`ctx.secrets.KEY.basicAuth(${user})`))).toMatch(/^TypeError: basicAuth: /);
  });

  it("has at most a hundred users", async () => {
    expect(
      await value(
        thrown('(async () => { for (let i = 0; i < 200; i += 1) ctx.secrets.KEY.basicAuth("u" + i) })()'),
      ),
    ).toMatch(/^QuotaExceededError/);
  });
});

describe("verifyWebhook", () => {
  const headers = [
    ["x-hub-signature-256", `sha256=${hmacOf("sha256", PASSWORD, BODY).toString("hex")}`],
  ] as const;
  const input = { body: utf8(BODY), headers };
  const github = '{ scheme: "github", secret: ctx.secrets.KEY }';

  it("leaves the body on the host, and readable", async () => {
    expect(
      await value(
        `return [await verifyWebhook(request, ${github}), request.bodyUsed, await request.text(), await verifyWebhook(request, ${github}).catch((e) => e.message)]`,
        granted(),
        { input },
      ),
    ).toEqual([
      { ok: true, secret: "KEY" },
      false,
      BODY,
      "verifyWebhook: the body has already been read. Call verifyWebhook first, or read a clone: `await request.clone().text()`.",
    ]);
    expect(
      await value(`await request.clone().json(); return verifyWebhook(request, ${github})`, granted(), {
        input,
      }),
    ).toEqual({ ok: true, secret: "KEY" });
  });

  it("takes a body that fills no heap", async () => {
    const body = new Uint8Array(9_000_000).fill(97);
    const signed = [
      ["x-hub-signature-256", `sha256=${hmacOf("sha256", PASSWORD, body).toString("hex")}`],
    ] as const;
    const { outcome, answer } = await run(
      "module",
      `export default async (request, ctx) => ({ body: await verifyWebhook(request, ${github}) })`,
      { secrets: granted().granted, input: { body, headers: signed } },
    ).answer;
    expect(answer).toMatchObject({ body: utf8('{"ok":true,"secret":"KEY"}') });
    expect(outcome.peakMemoryBytes).toBeLessThan(2_000_000);
  });

  it("takes requests that the script made, and no request without a body as another", async () => {
    const made = (body: string) =>
      `new Request("https://a.example/", { method: "POST", headers: { "X-Hub-Signature-256": request.headers.get("x-hub-signature-256") }, body: ${body} })`;
    for (const body of [
      JSON.stringify(BODY),
      `new TextEncoder().encode(${JSON.stringify(BODY)})`,
      "request.body",
    ])
      expect(
        await value(`return verifyWebhook(${made(body)}, ${github})`, granted(), { input }),
      ).toMatchObject({ ok: true });
    expect(
      await value(`return verifyWebhook(request, ${github})`, granted(), { input: { ...input, body: null } }),
    ).toMatchObject({
      ok: false,
      reason: expect.stringContaining("does not match KEY"),
    });
  });

  it("tries several secrets, and names the one", async () => {
    expect(
      await value(
        'return verifyWebhook(request, { scheme: "github", secret: [ctx.secrets.HOOK, ctx.secrets.KEY] })',
        granted(),
        { input },
      ),
    ).toEqual({ ok: true, secret: "KEY" });
  });

  it("goes by the time that it is told: of a replay, the recorded", async () => {
    const at = 1_600_000_000;
    const signature = hmacOf("sha256", Buffer.from("a key of some bytes"), `m.${at}.${BODY}`).toString(
      "base64",
    );
    const timed = {
      body: utf8(BODY),
      headers: [
        ["webhook-id", "m"],
        ["webhook-signature", `v1,${signature}`],
        ["webhook-timestamp", String(at)],
      ] as const,
    };
    const call =
      'return verifyWebhook(request, { scheme: "standard-webhooks", secret: ctx.secrets.HOOK, toleranceSeconds: 60 })';
    expect(await value(call, granted(), { input: timed })).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/s old: more than 60 s/),
    });
    const replayed = granted({}, { now: () => (at + 59) * 1_000 });
    expect(await value(call, replayed, { input: timed })).toEqual({ ok: true, secret: "HOOK" });
  });

  it.each([
    ["verifyWebhook(request)", "TypeError: verifyWebhook: `secret` is undefined; give ctx.secrets.NAME"],
    [
      'verifyWebhook(request, { scheme: "github", secret: "text" })',
      "TypeError: verifyWebhook: `secret` is a string that is no granted secret; give",
    ],
    [
      'verifyWebhook(request, { scheme: "github", secret: [] })',
      "TypeError: verifyWebhook: `secret` is an empty array.",
    ],
    [
      'verifyWebhook(request, { scheme: "github", secret: Array(11).fill(ctx.secrets.KEY) })',
      "TypeError: At most 10 secrets are tried at once.",
    ],
    [
      'verifyWebhook(request, { schema: "github", secret: ctx.secrets.KEY })',
      "TypeError: verifyWebhook does not know the option schema: only scheme,",
    ],
    [
      'verifyWebhook(request, { scheme: "gitlab", secret: ctx.secrets.KEY })',
      "TypeError: verifyWebhook: `scheme` is one of standard-webhooks",
    ],
    [
      'verifyWebhook(request, { scheme: "slack", secret: ctx.secrets.KEY, toleranceSeconds: Infinity })',
      "TypeError: verifyWebhook: toleranceSeconds is Infinity",
    ],
    [
      'verifyWebhook({}, { scheme: "github", secret: ctx.secrets.KEY })',
      "TypeError: verifyWebhook takes the request, and this is an object.",
    ],
  ])("refuses %s", async (call, message) => {
    expect(String(await value(thrown(call))).slice(0, message.length)).toBe(message);
  });

  it("is there without grants, and says what is missing", async () => {
    expect(await js(thrown('verifyWebhook(request, { scheme: "github", secret: "text" })'))).toMatch(
      /^TypeError: verifyWebhook: `secret` is a string that is no granted secret; give ctx\.secrets\.NAME/,
    );
  });
});

describe("revealed secrets", () => {
  it("read as plain strings, which verifyWebhook takes", async () => {
    const input = {
      body: utf8(BODY),
      headers: [
        ["x-hub-signature-256", `sha256=${hmacOf("sha256", PASSWORD, BODY).toString("hex")}`],
      ] as const,
    };
    const grants = granted({}, { revealed: true });
    expect(
      await value(
        'return [ctx.secrets.KEY, await verifyWebhook(request, { scheme: "github", secret: ctx.secrets.KEY })]',
        grants,
        { input },
      ),
    ).toEqual([PASSWORD, { ok: true, secret: "KEY" }]);
    expect(
      await value(thrown('verifyWebhook(request, { scheme: "github", secret: "another" })'), grants),
    ).toMatch(/^TypeError/);
    expect(await value(thrown("ctx.secrets.NOPE"), grants)).toMatch(/^SecretNotGranted/);
  });

  it("are in no memory that the next run finds, of its own account either", async () => {
    const code =
      "export default (request, ctx) => { globalThis.kept = ctx.secrets.KEY + '\\u2603'; return { body: 'done' } }";
    const options = { secrets: granted({}, { revealed: true }).granted };
    await run("module", code, options).end;
    expect(hasText(PASSWORD)).toBe(true);
    await run("module", "export default () => ({ body: 'next' })").end;
    expect(hasText(PASSWORD)).toBe(false);
  });
});

/** Whether the memory holds a text, in either of the ways in which the engine writes strings. */
const hasText = (text: string): boolean => {
  const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
  return bytes.includes(text, 0, "utf8") || bytes.includes(text, 0, "utf16le");
};

/** A secret in every form that a mistake could let through: as it is, in base64 at each alignment, in hex. */
const formsOf = (text: string): readonly string[] => {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map((by) =>
    Buffer.concat([Buffer.alloc(by), bytes])
      .toString("base64")
      .slice(4, -4),
  );
  return [
    text,
    ...shifted,
    ...shifted.map((each) => each.replaceAll("+", "-").replaceAll("/", "_")),
    bytes.toString("hex"),
  ];
};

describe("the sandbox's memory", () => {
  const hmacKey = "bm90IGEgc2VjcmV0IHRvIGFueWJvZHkgYnV0IHRoaXMgdGVzdA==";
  const pem = String(
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" }),
  );
  const SECRETS = { KEY: PASSWORD, HOOK: WHSEC, B64: hmacKey, PRIVATE, PEM: pem };
  const decoded = [
    Buffer.from(hmacKey, "base64").toString(),
    Buffer.from(WHSEC.slice(6), "base64").toString(),
  ];
  const lines = pem.split("\n").filter((line) => line.length > 30);
  const parts = [rsa.privateKey.d, rsa.privateKey.p, rsa.privateKey.q].map((part) => part.slice(0, 40));
  const SOUGHT = [PASSWORD, WHSEC, hmacKey, ...decoded, ...lines, ...parts];

  it.each([
    ["equals", 'ctx.secrets.KEY.equals("wrong")'],
    ["hmac, text", 'ctx.secrets.KEY.hmac("SHA-256", "data")'],
    ["hmac, base64", 'ctx.secrets.B64.hmac("SHA-512", "data", { key: "base64", encoding: "bytes" })'],
    ["hmac, whsec", 'ctx.secrets.HOOK.hmac("SHA-1", "data", { key: "whsec" })'],
    ["hmac, refused", 'ctx.secrets.KEY.hmac("SHA-256", "data", { key: "hex" })'],
    ["sign", 'ctx.secrets.PRIVATE.sign("RS256", "data")'],
    ["sign, refused", 'ctx.secrets.KEY.sign("RS256", "data")'],
    ["jwt", 'ctx.secrets.PEM.jwt({ sub: "x" }, { alg: "ES256" })'],
    ["jwt, shared key", 'ctx.secrets.KEY.jwt({ sub: "x" }, { alg: "HS256" })'],
    ["basicAuth", 'ctx.secrets.KEY.basicAuth("ada")'],
    [
      "verifyWebhook",
      'verifyWebhook(request, { scheme: "stripe", secret: [ctx.secrets.HOOK, ctx.secrets.KEY] })',
    ],
    [
      "reading it in every way",
      "[String(ctx.secrets.KEY), JSON.stringify(ctx.secrets), console.log(ctx.secrets), Object.entries(ctx.secrets)]",
    ],
  ])("holds nothing of a secret after %s", async (_name, call) => {
    const { placeholders, granted: secrets } = secretsOf(SECRETS);
    const input = {
      headers: [["stripe-signature", `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`]] as const,
    };
    const outcome: Outcome = await run(
      "module",
      `export default async (request, ctx) => { globalThis.told = []; try { told.push(await ${call}) } catch (error) { told.push(error.message) } return { body: "done" } }`,
      { secrets, input, limits: { cpuMs: TIER_LIMITS.ultimate.cpuMs } },
    ).end;
    expect(outcome.kind).toBe("returned");
    // The search finds what is there.
    expect(hasText(String(placeholders.of(0)?.text))).toBe(true);
    for (const text of SOUGHT)
      for (const form of formsOf(text)) expect([form, hasText(form)]).toEqual([form, false]);
  });
});

it("tells which secrets were used", async () => {
  const grants = granted();
  await value(
    'await ctx.secrets.KEY.hmac("SHA-1", ""); ctx.secrets.HOOK.basicAuth("u"); return String(ctx.secrets.PRIVATE).length',
    grants,
  );
  expect(grants.used).toEqual(["sec_KEY", "sec_HOOK"]);
});
