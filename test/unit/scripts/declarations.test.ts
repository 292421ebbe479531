import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { typeCheck } from "../../support/type-check.ts";

const ROOT = join(import.meta.dirname, "../../..");
const PAGES = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const isModule = (source: string): boolean => /^export /m.test(source);
const isExpression = (source: string): boolean => /^\(async/m.test(source);
const examples = PAGES.flatMap((page) =>
  Array.from(
    readFileSync(join(ROOT, page), "utf8").matchAll(/^```(?:js|ts)\n(.*?)^```$/gms),
    ([, source = ""]) => source,
  ),
).filter((source) => isModule(source) || isExpression(source));

/** With the types that an editor's user would give its arguments; all else is checked as it stands. */
const annotated = (source: string): string =>
  source
    .replace(
      /^(export default (?:async )?(?:function )?\(?)(?!async|function)(\w+)(?:: Request)?(?:, (\w+))?/m,
      (...found: string[]) => {
        const [, head = "", request = "", ctx] = found;
        return `${head}${request}: Request${ctx === undefined ? "" : `, ${ctx}: Context`}`;
      },
    )
    .replaceAll(
      /^(export async function onRe(quest|sponse)\()(\w+)(?:, (\w+))?\)/gm,
      (...found: string[]) => {
        const [, head = "", kind, given = "", ctx] = found;
        const [first, second] = kind === "quest" ? ["Request", "Context"] : ["Response", "ResponseContext"];
        return `${head}${given}: ${first}${ctx === undefined ? "" : `, ${ctx}: ${second}`})`;
      },
    );

/** What an example exports, held against its type. */
const usesOf = (source: string, index: number): string => {
  const names = [...source.matchAll(/^export async function (onRe\w+)/gm)].map(([, name = ""]) => name);
  if (names.length === 0) return `import handler from "./example-${index}.ts";\nhandler satisfies Handler;\n`;
  const checks = names.map((name) => `${name} satisfies ${name.replace("on", "On")};\n`).join("");
  return `import { ${names.join(", ")} } from "./example-${index}.ts";\n${checks}`;
};

const files = Object.fromEntries(
  examples.flatMap((source, index): [string, string][] =>
    isModule(source)
      ? [
          [`example-${index}.ts`, annotated(source)],
          [`use-${index}.ts`, usesOf(source, index)],
        ]
      : [
          [
            `example-${index}.ts`,
            `const result = ${source.trim().replace(/;$/, "")};\nexport default (await result) satisfies ExpressionResult;\n`,
          ],
        ],
  ),
);

/** Each is one statement within a handler, and right. */
const RIGHT = [
  `return new Response(request.body, { status: 201, headers: { "content-type": "a/b" } });`,
  `return { status: 200, headers: { "x-a": "1", "x-b": null, "x-c": 3, "x-d": undefined }, body: { a: [1, { b: null }] } };`,
  `return { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]], body: new Uint8Array(2) };`,
  `return { body: request.body };`,
  `return Response.json({ id: ctx.params["id"], country: ctx.client.country });`,
  `request.url = new URL("/x", request.url).href; request.headers.set("x-a", "1"); return undefined;`,
  `await ctx.kv.set("k", { at: 1, list: ["a", null], of: undefined }, { ttlSeconds: 60, ifAbsent: true });`,
  `await ctx.kv.set("k", new Uint8Array(2)); await ctx.kv.set("k", await request.json());`,
  `const order: { id: string; lines: readonly number[] } = await request.json(); await ctx.kv.set("k", order);`,
  `const seen: number | undefined = await ctx.kv.get<number>("seen"); return { body: seen ?? 0 };`,
  `const { entries, cursor } = await ctx.kv.list<string>({ prefix: "a/", limit: 10 }); return { body: [entries[0]?.value, cursor] };`,
  `const sum: number = await ctx.kv.increment("hits", 2, { ttlSeconds: 60 }); return { body: sum };`,
  `const { KEY } = ctx.secrets; if (KEY) { const hex: string = await KEY.hmac("SHA-256", "x"); return { body: hex }; }`,
  `const bytes: Uint8Array | undefined = await ctx.secrets["KEY"]?.hmac("SHA-256", await request.bytes(), { encoding: "bytes", key: "whsec" });`,
  `const token = await ctx.secrets["KEY"]?.jwt({ sub: "a" }, { alg: "RS256", header: { kid: "1" } }); return { headers: { authorization: \`Bearer \${token}\` } };`,
  `const { KEY } = ctx.secrets; if (KEY) { const told = await verifyWebhook(request, { scheme: "stripe", secret: [KEY] }); return { body: told.ok ? told.secret : told.reason }; }`,
  `const { KEY } = ctx.secrets; if (KEY) await verifyWebhook(request, { scheme: "hmac", header: "x-signature", encoding: "base64", secret: KEY });`,
  `ctx.waitUntil(ctx.kv.delete("a")); ctx.journal({ keep: false }); ctx.locals["a"] = 1; return null;`,
  `ctx.signal.addEventListener("abort", () => console.warn(ctx.timeLeft(), ctx.replay?.of));`,
  `const key = await crypto.subtle.importKey("raw", new TextEncoder().encode("k"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]); await crypto.subtle.sign("HMAC", key, await request.bytes());`,
  `const { publicKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]); const jwk: JsonWebKey = await crypto.subtle.exportKey("jwk", publicKey); return { body: jwk };`,
  `const form = await request.formData(); const file = form.get("file"); return { body: file instanceof File ? await file.bytes() : file };`,
  `for await (const chunk of request.body ?? []) console.log(chunk.length);`,
  `const { Response: Made } = globalThis; return self.structuredClone([1]).length > 1 ? new Made() : null;`,
  `const id: number = setTimeout((a: string) => console.log(a), 10, "a"); clearTimeout(id);`,
  `const res = await fetch("https://example.com", { method: "POST", body: request.body, redirect: "manual", signal: AbortSignal.timeout(500) }); return res.ok ? res : new Response(res.body, res);`,
  `class Mine extends DOMException { } throw new Mine("no", "AbortError");`,
];

/** Each is one statement within a handler, and wrong. */
const WRONG = [
  `return { status: "200" };`,
  `return { statusCode: 200 };`,
  `return "text";`,
  `return [1];`,
  `return { headers: { "x-a": ["1", "2"] } };`,
  `return { body: 1n };`,
  `await ctx.kv.set(1);`,
  `await ctx.kv.set("k");`,
  `await ctx.kv.set("k", undefined);`,
  `await ctx.kv.set("k", new Date());`,
  `await ctx.kv.set("k", { at: new Date() });`,
  `await ctx.kv.set("k", { of: [new Map()] });`,
  `await ctx.kv.set("k", { bytes: new Uint8Array(1) });`,
  `await ctx.kv.set("k", 1n);`,
  `await ctx.kv.set("k", ctx.kv.get("other"));`,
  `await ctx.kv.set("k", 1, { ttl: 60 });`,
  `await ctx.kv.increment("k", "1");`,
  `await ctx.kv.watch({});`,
  `const found: string = await ctx.kv.get<string>("k");`,
  `ctx.params = {};`,
  `ctx.journal({ keeps: true });`,
  `ctx.nothing;`,
  `request.headers = new Headers();`,
  `new AbortSignal();`,
  `new SubtleCrypto();`,
  `await ctx.secrets["KEY"]?.hmac("MD5", "x");`,
  `await ctx.secrets["KEY"]?.jwt({}, {});`,
  `await verifyWebhook(request, { scheme: "gitlab", secret: "s" });`,
  `await verifyWebhook(request, { scheme: "hmac", secret: "s" });`,
  `await fetch({ url: "https://example.com" });`,
  `await fetch("https://example.com", { timeout: 5 });`,
  `new ReadableStream();`,
  `setTimeout("code", 1);`,
  `setTimeout((count: number) => count, 1, "a");`,
  `document.title;`,
  `process.env;`,
];

const statement = (text: string, index: number): string =>
  `export const use${index}: Handler = async (request, ctx) => { ${text} };`;

describe("scripts against the declarations", () => {
  it("check, as README and docs have them", () => {
    expect(examples.length).toBeGreaterThan(9);
    expect(typeCheck(files, { noImplicitAny: false, noUncheckedIndexedAccess: false })).toBe("");
  });

  it("check when they are right, and not when they are wrong", () => {
    const wrong = WRONG.map((text, index) => `// @ts-expect-error\n${statement(text, index)}`);
    const said = typeCheck({ "right.ts": RIGHT.map(statement).join("\n"), "wrong.ts": wrong.join("\n") });
    expect(said).toBe("");
  });

  it.each([["ES2023"], ["ESNext"]])("check with the lib %s, the declarations themselves too", (lib) => {
    const library = `import { sign } from "scripts/signing"; import { other } from "scripts/other@3"; export default (() => sign(other)) satisfies Handler;`;
    const contract = `export default async function (request: Request, ctx: Context): Promise<Response | Reply | null | undefined> { return ctx.params["a"] ? { status: 200 } : undefined; }`;
    const names = `interface Secrets { readonly GITHUB: SecretHandle }\ninterface Locals { user?: string }`;
    const known = `export const use: Handler = (_, { secrets, locals }) => { locals.user = "a"; return { body: secrets.GITHUB.basicAuth(locals.user) }; };`;
    const js = `/** @type {Handler} */\nexport default (request, ctx) => ({ body: { id: ctx.params["id"] ?? request.method } });`;
    const expression = `(async () => ({ statusCode: 201, body: Deno.core.decode(new Uint8Array(context.body)), headers: { a: secutils.crypto.sha256("") } }))();`;
    const said = typeCheck(
      {
        "library.ts": library,
        "contract.ts": contract,
        "names.d.ts": names,
        "known.ts": known,
        "handler.js": js,
        "expression.js": expression,
      },
      { lib: [lib] },
    );
    expect(said).toBe("");
  });
});
