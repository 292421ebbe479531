import { describe, expect, it } from "vitest";
import engine from "../../../build/engine.wasm";
import { base64url, fromBase64url, hex, utf8 } from "../../../src/lib/bytes.ts";
import { createRuntime } from "../../../src/runtime/index.ts";
import { type Options, scriptRunner } from "../../support/run-script.ts";

const faults: unknown[] = [];
const run = scriptRunner(
  createRuntime({ module: engine, now: Date.now, onFault: (error) => faults.push(error) }),
);

const executed = (code: string, options?: Options) => run("expression", code, options).answer;
const answerOf = async (code: string, options?: Options) => {
  const { answer, outcome } = await executed(code, options);
  return answer ?? outcome;
};
/** The JSON that the expression answers as its body's `value`. */
const valueOf = async (code: string, options?: Options): Promise<unknown> => {
  const answer = await answerOf(`({ body: { value: ${code} } })`, options);
  if (!("body" in answer) || !(answer.body instanceof Uint8Array)) throw new Error(JSON.stringify(answer));
  const parsed: unknown = JSON.parse(new TextDecoder().decode(answer.body));
  return Reflect.get(Object(parsed), "value");
};

const NO_WISHES = { journal: {}, skipRequest: false, trackResponse: false };

describe("a source of the expression form", () => {
  it.each([
    ["a call of a function", "(() => ({ statusCode: 201 }))()"],
    ["a call of an async function", "(async () => { await 1; return { statusCode: 201 } })()"],
    ["an object", "{ statusCode: 201 }"],
    ["a promise", "Promise.resolve({ statusCode: 201 })"],
    ["a comma", "1, { statusCode: 201 }"],
    ["await", "await Promise.resolve({ statusCode: 201 })"],
    ["a comment before and after", "// before\n({ statusCode: 201 }) // after"],
  ])("may be %s", async (_, code) => {
    expect(await answerOf(code)).toEqual({ kind: "reply", status: 201, wishes: NO_WISHES });
  });
});

describe("a result of the expression form", () => {
  it.each([
    ["null", "null", { kind: "none" }],
    ["undefined", "void 0", { kind: "none" }],
    ["an object of none of the fields", "({ other: 1, status: 9 })", { kind: "reply" }],
    ["an array, as an object without these fields", "[1, 2]", { kind: "reply" }],
    ["fields that are null", "({ statusCode: null, headers: null, body: null })", { kind: "reply" }],
    ["a status with a fraction", "({ statusCode: 201.9 })", { kind: "reply", status: 201 }],
    [
      "headers, which replace the whole list",
      "({ headers: { 'X-A': '1', gone: undefined } })",
      { kind: "reply", headers: { mode: "replace", pairs: [["x-a", "1"]] } },
    ],
    [
      "headers in a Map",
      "({ headers: new Map([['a', '1'], ['b', undefined]]) })",
      { kind: "reply", headers: { mode: "replace", pairs: [["a", "1"]] } },
    ],
    ["no headers at all", "({ headers: {} })", { kind: "reply", headers: { mode: "replace", pairs: [] } }],
    ["a text", "({ body: 'é\\ud800\\0' })", { kind: "reply", body: utf8("é\ufffd\0") }],
    ["an empty text", "({ body: '' })", { kind: "reply", body: new Uint8Array(0) }],
    ["bytes", "({ body: new Uint8Array([0, 200]) })", { kind: "reply", body: new Uint8Array([0, 200]) }],
    [
      "floats as they lie",
      "({ body: new Float32Array([1]) })",
      { kind: "reply", body: new Uint8Array([0, 0, 0x80, 0x3f]) },
    ],
    [
      "a view",
      "({ body: new DataView(new Uint8Array([1, 2, 3]).buffer, 1) })",
      { kind: "reply", body: new Uint8Array([2, 3]) },
    ],
    ["a buffer", "({ body: new Uint8Array([5]).buffer })", { kind: "reply", body: new Uint8Array([5]) }],
    ["an empty array", "({ body: [] })", { kind: "reply", body: new Uint8Array(0) }],
    [
      "an array of numbers, saturated",
      "({ body: [1, -5, 300, 2.9, NaN, Infinity, -Infinity, -0.5] })",
      { kind: "reply", body: new Uint8Array([1, 0, 255, 2, 0, 255, 0, 0]) },
    ],
    ["an array of texts", "({ body: ['a', 1] })", { kind: "reply", body: utf8('["a",1]') }],
    ["an array that begins with a hole", "({ body: [, 1] })", { kind: "reply", body: utf8("[null,1]") }],
    ["an object", "({ body: { a: undefined, b: new Map() } })", { kind: "reply", body: utf8('{"b":{}}') }],
    ["a number", "({ body: 1.5 })", { kind: "reply", body: utf8("1.5") }],
    ["false", "({ body: false })", { kind: "reply", body: utf8("false") }],
    ["inherited fields", "Object.create({ statusCode: 202 })", { kind: "reply", status: 202 }],
  ])("may be %s", async (_, code, expected) => {
    expect(await answerOf(code)).toEqual({ ...expected, wishes: NO_WISHES });
  });

  it("counts skipRequest and trackResponse only when they are exactly true", async () => {
    expect(await answerOf("({ skipRequest: true, trackResponse: true })")).toMatchObject({
      wishes: { skipRequest: true, trackResponse: true },
    });
    expect(await answerOf("({ skipRequest: 1, trackResponse: 'true' })")).toMatchObject({
      wishes: NO_WISHES,
    });
  });

  it.each([
    ["a text", "'x'", "bad-result", /came to a string/],
    ["a number", "5", "bad-result", /came to a number/],
    ["a function", "() => ({})", "bad-result", /came to a function/],
    ["a status as text", "({ statusCode: '200' })", "bad-result", /statusCode: a string is not a number/],
    ["a status of 100", "({ statusCode: 100 })", "bad-result", /100 is not from 200 to 599/],
    ["a status of 600", "({ statusCode: 600.5 })", "bad-result", /600/],
    ["a status that is not a number", "({ statusCode: NaN })", "bad-result", /NaN/],
    ["headers as pairs", "({ headers: [['a', 'b']] })", "bad-result", /an array is not headers/],
    ["a Response", "new Response('x')", "bad-result", /came to a Response, which belongs to the module form/],
    ["a Request", "new Request('https://a.example')", "bad-result", /came to a Request, which/],
    ["a Headers", "new Headers({ a: 'b' })", "bad-result", /came to a Headers object, which/],
    [
      "a Headers as headers",
      "({ headers: new Headers({ a: 'b' }) })",
      "bad-result",
      /a Headers object belongs to the module form; give a plain object or a Map/,
    ],
    [
      "a body without await",
      "({ body: Promise.resolve('x') })",
      "bad-result",
      /a Promise is not a body yet; await it/,
    ],
    ["a Response as body", "({ body: new Response('x') })", "bad-result", /a Response is not a body/],
    ["headers as text", "({ headers: 'a: b' })", "bad-result", /a string is not headers/],
    ["a header of a number", "({ headers: { a: 1 } })", "bad-result", /the value of a is a number/],
    ["a header of null", "({ headers: { a: null } })", "bad-result", /the value of a is null/],
    [
      "a header name in a Map that is no string",
      "({ headers: new Map([[1, 'b']]) })",
      "bad-result",
      /a name is a number/,
    ],
    ["a bad header name", "({ headers: { 'a b': 'c' } })", "bad-result", /Invalid header name/],
    ["a header with a line break", "({ headers: { a: 'b\\nc' } })", "bad-result", /no line breaks/],
    [
      "bytes with a text among them",
      "({ body: [1, 'a'] })",
      "bad-result",
      /item 1 of the array of bytes is a string/,
    ],
    ["a cycle", "(() => { const a = {}; a.a = a; return { body: a } })()", "not-json", /body has no JSON/],
    ["a BigInt", "({ body: 1n })", "not-json", /body has no JSON/],
    ["a function as body", "({ body: () => 1 })", "not-json", /it is a function/],
  ])("is refused plainly: %s", async (_, code, reason, message) => {
    const { answer, outcome } = await executed(code);
    expect(answer).toBeNull();
    expect(outcome).toMatchObject({ kind: "unusable", reason });
    expect("error" in outcome && outcome.error?.message).toMatch(message);
  });

  it("is what it throws, in the user's columns", async () => {
    const { outcome } = await executed("(() => { throw new RangeError('mine') })()");
    expect(outcome).toMatchObject({ kind: "threw", error: { name: "RangeError", message: "mine", line: 1 } });
    expect("error" in outcome && outcome.error?.column).toBe(20);
  });
});

describe("context", () => {
  it("says what is known of the hit, one value for each name", async () => {
    expect(
      await valueOf("{ ...context, body: context.body.slice(0, 3), n: Array.isArray(context.body) }"),
    ).toEqual({
      clientAddress: "203.0.113.7:0",
      method: "POST",
      headers: { accept: "*/*", "content-type": "application/json", "set-cookie": "b=2", "x-many": "1, 2" },
      path: "/hooks/a%20b",
      rawQuery: "x=1&y=two&x=3",
      query: { x: "3", y: "two" },
      secrets: {},
      body: [123, 34, 110],
      n: true,
    });
  });

  it("leaves out what there is not, and keeps names that mean something to JavaScript", async () => {
    expect(
      await valueOf(
        `[Object.keys(context), Object.keys(context.query), context.query.__proto__, context.headers["constructor"], context.body, context.secrets.X === undefined]`,
        {
          input: {
            client: { ip: null },
            rawQuery: null,
            body: null,
            headers: [["constructor", "c"]],
          },
        },
      ),
    ).toEqual([["method", "headers", "path", "query", "secrets", "body"], [], {}, "c", [], true]);
    expect(
      await valueOf(
        "[Object.keys(context.query), Object.getOwnPropertyDescriptor(context.query, '__proto__').value]",
        {
          input: { rawQuery: "__proto__=1" },
        },
      ),
    ).toEqual([["__proto__"], "1"]);
    expect(await valueOf("context.clientAddress", { input: { client: { ip: "2001:db8::1" } } })).toBe(
      "[2001:db8::1]:0",
    );
  });

  it("holds its body as an own property that is made when it is read, and may be changed", async () => {
    expect(
      await valueOf(`(() => {
        const own = Object.hasOwn(context, "body"); const first = context.body; const same = context.body === first;
        context.body = "mine"; return [own, same, context.body, "body" in { ...context }] })()`),
    ).toEqual([true, true, "mine", true]);
  });

  it("gives a body above 256 KiB as bytes", async () => {
    const input = (size: number) => ({ input: { body: new Uint8Array(size).fill(7) } });
    const code =
      "[Array.isArray(context.body), context.body instanceof Uint8Array, context.body.length, context.body[5]]";
    expect(await valueOf(code, input(256 * 1024))).toEqual([true, false, 262_144, 7]);
    expect(await valueOf(code, input(256 * 1024 + 1))).toEqual([false, true, 262_145, 7]);
  });

  it("decodes the body as its scripts do", async () => {
    expect(await valueOf("JSON.parse(Deno.core.decode(new Uint8Array(context.body))).name")).toBe("Ada");
  });
});

describe("Deno.core", () => {
  it("encodes, decodes and measures", async () => {
    expect(
      await valueOf(`(() => { const { core } = Deno; const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name } };
        return [[...core.encode("é")], core.decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff])), core.encodeBinaryString(new Uint8Array([0x61, 0xff])),
          core.byteLength("€a"), thrown(() => core.decode([97])), thrown(() => core.decode(new Uint16Array(1))), thrown(() => core.decode("a")), Object.keys(Deno)] })()`),
    ).toEqual([[0xc3, 0xa9], "a\ufffd", "a\u00ff", 4, "TypeError", "TypeError", "TypeError", ["core"]]);
  });

  it("prints to the console", async () => {
    const { outcome } = await executed("(Deno.core.print('a\\n'), Deno.core.print('b', true), null)");
    expect(outcome.logs.map(({ level, text }) => [level, text])).toEqual([
      ["log", "a"],
      ["error", "b"],
    ]);
  });

  it("takes values apart and puts them together again", async () => {
    expect(
      await valueOf(`(() => { const { core } = Deno;
        const from = { a: [1, , "x"], d: new Date(5), m: new Map([["k", new Set([1n])]]), b: new Uint16Array([1, 65535]), u: undefined, n: null, z: -0, i: Infinity, r: /x/g, e: new RangeError("m"), ["__proto__"]: 1 };
        from.self = from; from.again = from.a;
        const to = core.deserialize(core.serialize(from)); const clone = core.structuredClone(from);
        return [to.self === to, to.again === to.a, to.a.length, 1 in to.a, to.d.getTime(), [...to.m.get("k")][0] === 1n, [...to.b], to.b.constructor === Uint16Array,
          "u" in to && to.u === undefined, to.n, Object.is(to.z, -0), to.i === Infinity, String(to.r), to.e instanceof RangeError && to.e.message,
          Object.hasOwn(to, "__proto__"), core.serialize(1) instanceof Uint8Array, clone.self === clone] })()`),
    ).toEqual([
      true,
      true,
      3,
      false,
      5,
      true,
      [1, 65_535],
      true,
      true,
      null,
      true,
      true,
      "/x/g",
      "m",
      true,
      true,
      true,
    ]);
    for (const code of [
      "Deno.core.serialize(() => 1)",
      "Deno.core.deserialize(new Uint8Array([123, 125]))",
    ]) {
      expect((await executed(code)).outcome.kind).toBe("threw");
    }
  });

  it("tells kinds of objects apart, whatever they say of themselves", async () => {
    expect(
      await valueOf(`(() => { const { core } = Deno; const fake = (tag) => ({ [Symbol.toStringTag]: tag });
        return [core.isDate(new Date()), core.isDate(fake("Date")), core.isRegExp(/x/), core.isRegExp(RegExp.prototype), core.isMap(new Map()), core.isMap(new Set()), core.isSet(new Set()),
          core.isTypedArray(new Int8Array()), core.isTypedArray(new DataView(new ArrayBuffer(1))), core.isArrayBuffer(new ArrayBuffer(1)), core.isArrayBuffer(new Uint8Array()),
          core.isArrayBufferView(new DataView(new ArrayBuffer(1))), core.isPromise(Promise.resolve()), core.isPromise({ then() {} }), core.isNativeError(new TypeError()),
          core.isNativeError(Object.create(Error.prototype))] })()`),
    ).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
      true,
      true,
      false,
      true,
      false,
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it("has timers", async () => {
    expect(
      await valueOf(`await (async () => { const seen = [];
        Deno.core.createTimer((a) => seen.push(a), 1, ["once"], false, true, false);
        const id = Deno.core.createTimer(() => { seen.push("r"); if (seen.length > 2) Deno.core.cancelTimer(id) }, 2, undefined, true, true, false);
        await new Promise((done) => setTimeout(done, 40)); return seen })()`),
    ).toEqual(["once", "r", "r"]);
  });
});

const ECDH = { name: "ECDH", namedCurve: "P-256" };

/** Opens a sealed box the way that a browser does: everything is in `crypto.subtle`. */
const open = async (pair: CryptoKeyPair, recipient: Uint8Array, sealed: Uint8Array): Promise<string> => {
  const ephemeral = sealed.slice(0, 65);
  const peer = await crypto.subtle.importKey("raw", ephemeral, ECDH, false, []);
  // The Workers types call it `$public`; the platform knows `public`.
  const agreement = { name: "ECDH", public: peer };
  const shared = await crypto.subtle.deriveBits(agreement, pair.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: recipient, info: ephemeral },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["decrypt"],
  );
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: sealed.slice(65, 77) },
    key,
    sealed.slice(77),
  );
  return new TextDecoder().decode(plain);
};

describe("secutils.crypto", () => {
  it("seals for a recipient, who alone can open it, anew each time and without await", async () => {
    const pair = await crypto.subtle.generateKey(ECDH, true, ["deriveBits"]);
    if (!("privateKey" in pair)) throw new Error("no pair");
    const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
    if (!(raw instanceof ArrayBuffer)) throw new Error("no key");
    const recipient = new Uint8Array(raw);
    const code = `[secutils.crypto.seal("${base64url(recipient)}", "geheim \\0 é"), secutils.crypto.seal("${base64url(recipient)}", "")]`;
    const [sealed, empty] = Object(await valueOf(code));
    const bytes = fromBase64url(String(sealed)) ?? new Uint8Array();
    expect(String(sealed)).toMatch(/^[\w-]+$/);
    expect(bytes.length).toBe(65 + 12 + utf8("geheim \0 é").length + 16);
    expect(await open(pair, recipient, bytes)).toBe("geheim \0 é");
    const other = fromBase64url(String(empty)) ?? new Uint8Array();
    expect(await open(pair, recipient, other)).toBe("");
    expect(hex(other.slice(0, 77))).not.toBe(hex(bytes.slice(0, 77)));
    bytes[80] = (bytes[80] ?? 0) ^ 1;
    await expect(open(pair, recipient, bytes)).rejects.toThrow();
  });

  it.each([
    ["too short", `"AAAA"`],
    ["of the wrong kind", `"${base64url(new Uint8Array(65))}"`],
    ["off the curve", `"${base64url(new Uint8Array(65).fill(4))}"`],
    ["not base64url", `"***"`],
    ["not a text", "5"],
  ])("refuses a recipient that is %s", async (_, recipient) => {
    expect((await executed(`secutils.crypto.seal(${recipient}, "x")`)).outcome).toMatchObject({
      kind: "threw",
      error: { name: "TypeError" },
    });
  });

  it("hashes base64url data", async () => {
    expect(
      await valueOf(`[secutils.crypto.sha256("YWJj"), secutils.crypto.sha256(""), Object.keys(secutils)]`),
    ).toEqual([
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ["crypto"],
    ]);
    expect((await executed(`secutils.crypto.sha256("a b")`)).outcome).toMatchObject({ kind: "threw" });
  });
});

describe("the host", () => {
  it("had no fault of its own in all of this", () => {
    expect(faults).toEqual([]);
  });
});
