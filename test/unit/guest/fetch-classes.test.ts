import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const js = scriptEvaluator(scriptRunner(runtime));

/** The name of what an expression throws, or `"nothing"`. */
const THROWN = `const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name } };`;
const REJECTED = `const rejected = async (f) => { try { await f(); return "nothing" } catch (e) { return e.name } };`;

describe("Headers", () => {
  it("combines repeats, keeps set-cookie apart, and iterates sorted", async () => {
    expect(
      await js(`
        const h = new Headers([["X-B", "2"], ["set-cookie", "b=1"], ["x-a", "1"], ["Set-Cookie", "a=2"], ["x-b", " 3\\t"]]);
        return { all: [...h], b: h.get("X-B"), cookies: h.getSetCookie(), cookie: h.get("set-cookie"), none: h.get("x-none") }`),
    ).toEqual({
      all: [
        ["set-cookie", "b=1"],
        ["set-cookie", "a=2"],
        ["x-a", "1"],
        ["x-b", "2, 3"],
      ],
      b: "2, 3",
      cookies: ["b=1", "a=2"],
      cookie: "b=1, a=2",
      none: null,
    });
  });

  it("sets in the place of the first, appends, deletes, and sees changes while it is iterated", async () => {
    expect(
      await js(`
        const h = new Headers({ a: "1", c: "3" });
        h.append("a", "2"); h.set("A", "4"); h.append("b", "5"); h.delete("c");
        const seen = [];
        for (const [name] of h) { seen.push(name); if (name === "a") h.set("z", "9"); }
        const each = []; h.forEach((value, name) => each.push(name + value));
        return [[...h.keys()], [...h.values()], seen, each, h.has("C")]`),
    ).toEqual([["a", "b", "z"], ["4", "5", "9"], ["a", "b", "z"], ["a4", "b5", "z9"], false]);
  });

  it("takes an object, pairs, a Map or Headers, and copies them", async () => {
    expect(
      await js(`
        const first = new Headers(new Map([["X-One", "1"]]));
        const second = new Headers(first); second.set("x-one", "2");
        return [[...first], [...second], [...new Headers({ n: 5 })], [...new Headers()]]`),
    ).toEqual([[["x-one", "1"]], [["x-one", "2"]], [["n", "5"]], []]);
  });

  it.each([
    ["an empty name", `new Headers({ "": "x" })`],
    ["a space in a name", `new Headers({ "a b": "x" })`],
    ["a line break in a value", `new Headers({ a: "x\\r\\ny: z" })`],
    ["a NUL in a value", `new Headers({ a: "x\\0" })`],
    ["a character above U+00FF", `new Headers({ a: "€" })`],
    ["a pair of three", `new Headers([["a", "b", "c"]])`],
    ["a string", `new Headers("a: b")`],
    ["null", `new Headers(null)`],
    ["a bad name to get", `new Headers().get("a b")`],
  ])("refuses %s", async (_, code) => {
    expect(await js(`${THROWN} return thrown(() => ${code})`)).toBe("TypeError");
  });
});

describe("Response", () => {
  it("gives its body in every form, once", async () => {
    expect(
      await js(`${REJECTED}
        const r = new Response("é\\0x", { status: 201, statusText: "Made", headers: { a: "b" } });
        const copy = r.clone(); const used = r.bodyUsed;
        return {
          text: await r.text(), again: await rejected(() => r.json()), used: [used, r.bodyUsed, copy.bodyUsed],
          bytes: [...await copy.bytes()], cloneOfUsed: await rejected(() => r.clone()),
          json: await new Response('\\ufeff{"a":1}').json(), buffer: (await new Response(new Uint8Array([1, 2])).arrayBuffer()).byteLength,
          none: await new Response().text(), body: new Response().body,
          head: [r.status, r.statusText, r.ok, r.type, r.url, r.redirected, r.headers.get("content-type")],
        }`),
    ).toEqual({
      text: "é\0x",
      again: "TypeError",
      used: [false, true, false],
      bytes: [0xc3, 0xa9, 0, 0x78],
      cloneOfUsed: "TypeError",
      json: { a: 1 },
      buffer: 2,
      none: "",
      body: null,
      head: [201, "Made", true, "default", "", false, "text/plain;charset=UTF-8"],
    });
  });

  it("refuses a status outside 200..599, a body where there is none, and a bad reason", async () => {
    expect(
      await js(`${THROWN}
        return [
          thrown(() => new Response("", { status: 199 })), thrown(() => new Response("", { status: 600 })),
          thrown(() => new Response("", { status: "x" })), thrown(() => new Response("x", { status: 204 })),
          thrown(() => new Response(null, { status: 304 })), thrown(() => new Response("", { statusText: "a\\nb" })),
        ]`),
    ).toEqual(["RangeError", "RangeError", "RangeError", "TypeError", "nothing", "TypeError"]);
  });

  it("has json, redirect and error", async () => {
    expect(
      await js(`${THROWN}
        const json = Response.json({ a: [1] }, { status: 202, headers: { "x-a": "1" } });
        const typed = Response.json(1, { headers: { "content-type": "application/problem+json" } });
        const moved = Response.redirect("https://example.com/a b", 307);
        return [
          json.status, json.headers.get("content-type"), await json.text(), typed.headers.get("content-type"),
          moved.status, moved.headers.get("location"), Response.error().type, Response.error().status,
          thrown(() => Response.redirect("https://example.com", 200)), thrown(() => Response.redirect("nothing")),
          thrown(() => Response.json(undefined)),
        ]`),
    ).toEqual([
      202,
      "application/json",
      '{"a":[1]}',
      "application/problem+json",
      307,
      "https://example.com/a%20b",
      "error",
      0,
      "RangeError",
      "TypeError",
      "TypeError",
    ]);
  });

  it("copies bytes that it was given", async () => {
    expect(
      await js(
        `const bytes = new Uint8Array([1, 2, 3]); const r = new Response(bytes.subarray(1)); bytes.fill(9); return [...await r.bytes()]`,
      ),
    ).toEqual([2, 3]);
  });
});

describe("Request", () => {
  it("is made of a URL and of another request", async () => {
    expect(
      await js(`
        const first = new Request("https://example.com/a?b", { method: "post", body: new URLSearchParams({ a: "b c" }) });
        const second = new Request(first, { headers: { "x-a": "1" } });
        return [
          first.method, first.url, first.headers.get("content-type"), first.bodyUsed, second.method,
          await second.text(), second.headers.get("content-type"), second.headers.get("x-a"),
          new Request("https://example.com", { method: "patch" }).method, new Request(new URL("https://example.com")).url,
        ]`),
    ).toEqual([
      "POST",
      "https://example.com/a?b",
      "application/x-www-form-urlencoded;charset=UTF-8",
      true,
      "POST",
      "a=b+c",
      null,
      "1",
      "patch",
      "https://example.com/",
    ]);
  });

  it("refuses what the standard does", async () => {
    expect(
      await js(`${THROWN}
        return [
          thrown(() => new Request()), thrown(() => new Request("/relative")), thrown(() => new Request("https://a:b@example.com")),
          thrown(() => new Request("https://example.com", { method: "CONNECT" })), thrown(() => new Request("https://example.com", { method: "a b" })),
          thrown(() => new Request("https://example.com", { body: "x" })), thrown(() => new Request("https://example.com", { redirect: "no" })),
        ]`),
    ).toEqual(Array.from({ length: 7 }, () => "TypeError"));
  });

  it("of the hit keeps the sender's URL and body, and can be changed in place", async () => {
    expect(
      await js(
        `
        const before = [request.url, request.method, request.headers.get("accept")];
        request.url = "https://example.com/x y"; request.method = "put"; request.headers.set("accept", "text/plain");
        return [...before, request.url, request.method, request.headers.get("accept"), await request.clone().text(), (await request.bytes()).length]`,
        { input: { url: "http://demo.localhost/%7Ea/./b", method: "GET" } },
      ),
    ).toEqual([
      "http://demo.localhost/%7Ea/./b",
      "GET",
      "*/*",
      "https://example.com/x%20y",
      "PUT",
      "text/plain",
      '{"name":"Ada","n":[1,2]}',
      24,
    ]);
  });

  it("of a hit without a body has none", async () => {
    expect(await js(`return [request.body, await request.text()]`, { input: { body: null } })).toEqual([
      null,
      "",
    ]);
  });

  it("iterates its body as one chunk", async () => {
    expect(
      await js(
        `let size = 0; for await (const chunk of request.body) size += chunk.length; return [size, request.bodyUsed]`,
      ),
    ).toEqual([24, true]);
  });
});

describe("Blob, File and FormData", () => {
  it("slices, reads and types", async () => {
    expect(
      await js(`
        const blob = new Blob(["a", new Uint8Array([98]), new Blob(["cd"])], { type: "Text/Plain" });
        const file = new File([blob], "n.txt", { type: "x/y", lastModified: 5 });
        return [blob.size, blob.type, await blob.slice(1, 3).text(), [...await blob.slice(-1).bytes()], file.name, file.lastModified, file.size,
          await new Response(blob).text(), new Response(blob).headers.get("content-type"), (await new Response(file).blob()).type]`),
    ).toEqual([4, "text/plain", "bc", [100], "n.txt", 5, 4, "abcd", "text/plain", "x/y"]);
  });

  it("sends a form and reads it back", async () => {
    expect(
      await js(`
        const form = new FormData();
        form.append("na\\"me", "line\\nbreak"); form.append("file", new File([new Uint8Array([0, 255, 13, 10])], "ä.bin", { type: "a/b" }));
        form.set("x", "1"); form.append("x", "2");
        const sent = new Response(form);
        const back = await new Response(await sent.bytes(), { headers: sent.headers }).formData();
        const file = back.get("file");
        return [back.get('na"me'), back.getAll("x"), file.name, file.type, [...await file.bytes()], [...back.keys()]]`),
    ).toEqual(["line\r\nbreak", ["1", "2"], "ä.bin", "a/b", [0, 255, 13, 10], ['na"me', "file", "x", "x"]]);
  });

  it("reads urlencoded forms, and refuses what is none", async () => {
    expect(
      await js(`${REJECTED}
        const form = await new Response(new URLSearchParams("a=1&b=%C3%A9")).formData();
        return [form.get("a"), form.get("b"), await rejected(() => new Response("x").formData()),
          await rejected(() => new Response("--b\\r\\n", { headers: { "content-type": "multipart/form-data; boundary=b" } }).formData())]`),
    ).toEqual(["1", "é", "TypeError", "TypeError"]);
  });
});
