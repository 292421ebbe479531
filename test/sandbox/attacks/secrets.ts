import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 20 };
const CALLS = { hostCalls: 30, hostCallsInFlight: 8 };
/** What a call comes to, whatever it is. */
const told = (call: string): string =>
  `let told; try { told = await ${call} } catch (error) { told = error.name + ": " + error.message } return { body: String(told) }`;
const key = "ctx.secrets.KEY";

/** A script that was granted secrets, and wants to have them. */
export const SECRETS: readonly Attack[] = [
  ["a handle as text", `return { body: String(${key}).length }`, "returned 46"],
  ["a handle as JSON", `return { body: JSON.stringify([${key}]).length }`, "returned 50"],
  [
    "a handle through every property that it has",
    `const seen = []; for (let at = ${key}; at !== null; at = Object.getPrototypeOf(at)) for (const name of Reflect.ownKeys(at)) try { seen[seen.length] = String(at[name]) } catch (error) { seen[seen.length] = error.name } return { body: seen.length > 10 }`,
    "returned true",
  ],
  ["a handle, cloned", told(`structuredClone(${key})`), "returned DataCloneError"],
  ["a handle, cloned within", told(`structuredClone({ a: [${key}] })`), "returned DataCloneError"],
  [
    "a handle of the script's making",
    told(`new ${key}.constructor(Symbol("handle"), 1, "a", "b")`),
    "returned TypeError: Illegal constructor",
  ],
  [
    "a handle that inherits",
    told(`Object.create(${key}).equals("x")`),
    "returned TypeError: Illegal invocation",
  ],
  [
    "a handle through a proxy",
    told(`new Proxy(${key}, {}).equals("x")`),
    "returned TypeError: Illegal invocation",
  ],
  [
    "a class of the script's that extends",
    told(`new (class extends ${key}.constructor {})().hmac("SHA-256", "x")`),
    "returned TypeError: Illegal constructor",
  ],
  ...["undefined", "null", "5", "{}", "ctx.secrets", "globalThis"].map((self): Attack => [
    `methods of ${self}`,
    told(`${key}.hmac.call(${self}, "SHA-256", "x")`),
    "returned TypeError",
  ]),
  [
    "a method of one with another",
    told(`${key}.hmac.call(ctx.secrets.HOOK, "SHA-256", "x")`).replace("String(told)", "String(told).length"),
    "returned 64",
  ],
  [
    "methods replaced",
    `const { prototype } = ${key}.constructor; for (const name of Reflect.ownKeys(prototype)) try { prototype[name] = () => CANARY } catch {} return { body: await ${key}.equals("x") }`,
    "returned ca9ary",
  ],
  ["a name of every object's", told("ctx.secrets.constructor"), "returned SecretNotGranted"],
  ["a name with a placeholder", told(`ctx.secrets[${key}]`), "returned SecretNotGranted"],
  [
    "the object of secrets, changed",
    "const { secrets } = ctx; for (const f of [() => { secrets.A = 1 }, () => { delete secrets.KEY }, () => Object.freeze(secrets), () => Object.setPrototypeOf(secrets, {})]) try { f() } catch {} return { body: Object.keys(secrets) }",
    'returned ["KEY","HOOK","PEM"]',
  ],
  [
    "options with traps",
    told(`${key}.hmac("SHA-256", "x", { get encoding() { throw new Error("read") } })`),
    "returned Error: read",
  ],
  [
    "options that change while they are read",
    told(
      `${key}.hmac("SHA-256", "x", new Proxy({}, { get: (_, name) => (name === "key" ? "hex" : undefined) }))`,
    ),
    "returned DataError: The secret KEY is not hex",
  ],
  [
    "options that are of the prototype",
    `Object.prototype.key = "hex"; Object.prototype.keyPrefix = CANARY; ${told(`${key}.hmac("SHA-256", "x")`).replace("String(told)", "String(told).length")}`,
    "returned 64",
  ],
  ["a hash that is an object", told(`${key}.hmac({ toString: () => "SHA-256" }, "x")`), "returned TypeError"],
  ["an algorithm of prototypes", told(`ctx.secrets.PEM.sign("constructor", "x")`), "returned TypeError"],
  [
    "a key that is none, by its error",
    told('ctx.secrets.PEM.sign("RS256", "x")'),
    "returned DataError: The secret PEM holds a private key that cannot be read",
  ],
  [
    "a key that is none, as JWT",
    told(`${key}.jwt({}, { alg: "RS256" })`),
    "returned DataError: The secret KEY holds no PEM",
  ],
  ["a JWT that is signed with nothing", told(`${key}.jwt({}, { alg: "none" })`), "returned TypeError"],
  [
    "a JWT whose header says that it is signed with nothing",
    `const [head] = (await ${key}.jwt({}, { alg: "HS256", header: { alg: "none" } })).split("."); return { body: atob(head) }`,
    'returned {"alg":"HS256","typ":"JWT"}',
  ],
  [
    "claims with traps",
    told(`${key}.jwt({ toJSON() { throw new Error("claims") } }, { alg: "HS256" })`),
    "returned Error: claims",
  ],
  [
    "claims without end",
    told(`(() => { const a = {}; a.a = a; return ${key}.jwt(a, { alg: "HS256" }) })()`),
    "returned TypeError",
  ],
  [
    "a header nested deeply",
    told(
      `(() => { let a = {}; for (let i = 0; i < 500; i++) a = { a }; return ${key}.jwt({}, { alg: "HS256", header: a }) })()`,
    ),
    "returned TypeError: What a call says nests",
  ],
  ["data that is thenable", told(`${key}.equals({ then(r) { r("x") } })`), "returned TypeError"],
  [
    "everything made thenable",
    `Object.prototype.then = function (r) { r(CANARY) }; ${told(`${key}.hmac("SHA-256", "x")`)}`,
    "unusable bad-result",
  ],
  [
    "promises replaced",
    `Promise.prototype.then = () => { throw new Error("then") }; globalThis.Promise = undefined; ${told(`${key}.hmac("SHA-256", "x")`).replace("String(told)", "String(told).length")}`,
    "returned 64",
  ],
  [
    "data that is changed while it is hashed",
    `const b = new Uint8Array(8); const p = ${key}.hmac("SHA-256", b); b.fill(1); const q = ${key}.hmac("SHA-256", new Uint8Array(8)); return { body: (await p) === (await q) }`,
    "returned true",
  ],
  [
    "a species between the data and its copy",
    `Object.defineProperty(Uint8Array, Symbol.species, { get: () => function () { return new Uint8Array(1e6) } }); return { body: (await ${key}.hmac("SHA-256", new Uint8Array(8))).length }`,
    "returned 64",
  ],
  [
    "guesses one after another",
    `for (let i = 0; ; i++) try { await ${key}.equals(CANARY + i) } catch {}`,
    "exceeded calls",
  ],
  [
    "guesses at once",
    `await Promise.allSettled(Array.from({ length: 25 }, (_, i) => ${key}.equals("x" + i)))`,
    "exceeded calls",
  ],
  [
    "guesses of several secrets",
    `for (let i = 0; ; i++) for (const name of Object.keys(ctx.secrets)) await ctx.secrets[name].equals("x" + i)`,
    "exceeded calls",
  ],
  [
    "guesses after the answer",
    `ctx.waitUntil((async () => { for (;;) await ${key}.equals("x") })()); return { body: "out" }`,
    "exceeded calls",
  ],
  ["guesses of megabytes", `for (;;) await ${key}.equals("x".repeat(2e6))`, "exceeded "],
  [
    "hashes at once",
    `await Promise.all(Array.from({ length: 1e3 }, () => ${key}.hmac("SHA-1", "x")))`,
    "exceeded calls",
    CALLS,
  ],
  [
    "hashes of megabytes",
    `const b = new Uint8Array(3e6); for (;;) await ${key}.hmac("SHA-512", b)`,
    "exceeded ",
    CALLS,
  ],
  ["users without end", `for (let i = 0; ; i++) ${key}.basicAuth(CANARY + i)`, "threw QuotaExceededError"],
  ["one user without end", `for (;;) ${key}.basicAuth("ada")`, "exceeded cpu", CPU],
  ["a user that ends its own part", told(`${key}.basicAuth("ada:x\\r\\nx: y")`), "returned TypeError"],
  [
    "a request that is none",
    told(`verifyWebhook(new Proxy(request, {}), { scheme: "github", secret: ${key} })`),
    "returned TypeError",
  ],
  [
    "a request whose parts are traps",
    `for (const name of ["url", "method", "headers", "body"]) Object.defineProperty(request, name, { get() { throw new Error("trap") } }); ${told(`verifyWebhook(request, { scheme: "github", secret: ${key} }).then((v) => v.reason)`)}`,
    "returned no x-hub-signature-256 header",
  ],
  [
    "a secret that changes while it is read",
    told(`verifyWebhook(request, { scheme: "github", get secret() { return [{ valueOf: () => 0 }] } })`),
    "returned TypeError",
  ],
  [
    "a list of secrets that lies of its length",
    told(
      `verifyWebhook(request, { scheme: "github", secret: new Proxy([], { get: (t, k) => (k === "length" ? 2 ** 32 : ${key}) }) })`,
    ),
    "exceeded ",
  ],
  [
    "a scheme of prototypes",
    told(`verifyWebhook(request, { scheme: "__proto__", secret: ${key} })`),
    "returned TypeError",
  ],
  [
    "headers without end",
    `const h = new Headers(); for (let i = 0; i < 600; i++) h.append("x-" + i, "y"); ${told(`verifyWebhook(new Request("https://a.example/", { headers: h }), { scheme: "github", secret: ${key} })`)}`,
    "returned TypeError: These are no headers.",
  ],
  [
    "a header of a megabyte",
    told(
      `verifyWebhook(new Request("https://a.example/", { headers: { x: "y".repeat(1e6) } }), { scheme: "github", secret: ${key} })`,
    ),
    "returned TypeError: This is no call of a secret, or its headers are too long.",
  ],
  [
    "an error that is made to tell more",
    `Error.prepareStackTrace = (error, frames) => { for (const f of frames) try { console.log(f.getFunction(), f.getThis()) } catch {} return "" }; ${told('ctx.secrets.PEM.sign("RS256", "x")')}`,
    "returned DataError",
  ],
  [
    "secrets in the console",
    `console.log(ctx, ctx.secrets, ${key}, [${key}], new Error(${key})); return { body: "logged" }`,
    "returned logged",
  ],
  ["a secret thrown", `throw ${key}`, "threw "],
  ["a secret as the error's message", `throw new Error(${key})`, "threw Error: hwsec_"],
  ["a secret as the answer", `return { body: ${key} }`, 'returned "hwsec_'],
  [
    "a secret as a header of the answer",
    `return new Response("x", { headers: { a: ${key} } })`,
    "returned x",
  ],
];
