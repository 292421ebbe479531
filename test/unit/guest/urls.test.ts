import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const js = scriptEvaluator(scriptRunner(createRuntime({ module: await engineModule(), now: Date.now })));
const THROWN = `const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name } };`;

describe("URL", () => {
  it("shows its parts", async () => {
    expect(
      await js(`
        const u = new URL("../c?q=1#h", "https://us%20er:pw@EXAMPLE.com:8443/a/b/");
        return [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash, String(u), JSON.stringify(u)]`),
    ).toEqual([
      "https://us%20er:pw@example.com:8443/a/c?q=1#h",
      "https://example.com:8443",
      "https:",
      "us%20er",
      "pw",
      "example.com:8443",
      "example.com",
      "8443",
      "/a/c",
      "?q=1",
      "#h",
      "https://us%20er:pw@example.com:8443/a/c?q=1#h",
      '"https://us%20er:pw@example.com:8443/a/c?q=1#h"',
    ]);
  });

  it("is changed part by part, and ignores what does not fit", async () => {
    expect(
      await js(`
        const u = new URL("http://example.com/a");
        u.protocol = "https"; u.host = "other.test:81"; u.port = "443"; u.pathname = "x y"; u.search = "a=ü"; u.hash = "z";
        u.protocol = "nonsense:"; u.username = "me";
        const first = u.href; u.href = "https://third.test";
        return [first, u.href]`),
    ).toEqual(["https://me@other.test/x%20y?a=%C3%BC#z", "https://third.test/"]);
  });

  it("has canParse and parse, and throws a TypeError else", async () => {
    expect(
      await js(`${THROWN} return [
        URL.canParse("https://a"), URL.canParse("/a"), URL.canParse("/a", "https://b"), URL.parse("/a"), URL.parse("/a", "https://b").href,
        thrown(() => new URL("")), thrown(() => new URL("http://a b")), thrown(() => { new URL("https://a").href = "b" }), thrown(() => new URL())]`),
    ).toEqual([true, false, true, null, "https://b/a", "TypeError", "TypeError", "TypeError", "TypeError"]);
  });

  it("is linked with its parameters both ways", async () => {
    expect(
      await js(`
        const u = new URL("https://a/?x=1&y=2"); const p = u.searchParams;
        p.append("z", "a b&c"); const one = u.href;
        u.search = "?q=%20"; const two = [...p]; p.delete("q"); const three = u.href;
        u.href = "https://b/?k=v"; return [one, two, three, p.get("k"), u.searchParams === p]`),
    ).toEqual(["https://a/?x=1&y=2&z=a+b%26c", [["q", " "]], "https://a/", "v", true]);
  });

  it("refuses a URL of more than 64 KiB, and survives lone surrogates and NUL", async () => {
    expect(
      await js(
        `${THROWN} return [thrown(() => new URL("https://a/" + "x".repeat(70000))), new URL("https://a/\\ud800\\0b").href]`,
      ),
    ).toEqual(["TypeError", "https://a/%EF%BF%BD%00b"]);
  });
});

describe("URLSearchParams", () => {
  it("reads a query as forms are read", async () => {
    expect(
      await js(`return [...new URLSearchParams("?a=1&&b=%41+c&d&=e&%zz=%&u=%ff&t=%C3%A9&a=2=3&n=%00")]`),
    ).toEqual([
      ["a", "1"],
      ["b", "A c"],
      ["d", ""],
      ["", "e"],
      ["%zz", "%"],
      ["u", "\ufffd"],
      ["t", "é"],
      ["a", "2=3"],
      ["n", "\0"],
    ]);
  });

  it("is made of a string, pairs, an object and itself", async () => {
    expect(
      await js(`${THROWN}
        const p = new URLSearchParams([["a", 1], ["a", "2"]]);
        return [String(p), String(new URLSearchParams({ b: "x", c: null })), String(new URLSearchParams(p)), String(new URLSearchParams(new Map([["k", "v"]]))),
          String(new URLSearchParams("??a")), new URLSearchParams().size, thrown(() => new URLSearchParams([["a"]]))]`),
    ).toEqual(["a=1&a=2", "b=x&c=null", "a=1&a=2", "k=v", "%3Fa=", 0, "TypeError"]);
  });

  it("gets, sets, deletes, sorts and serializes", async () => {
    expect(
      await js(`
        const p = new URLSearchParams("b=2&a=1&b=3&c=x");
        p.set("b", "9"); p.append("a", "0"); p.delete("a", "1");
        const has = [p.has("a"), p.has("a", "1"), p.get("none"), p.getAll("b")];
        p.append("e", "~!'()*-._é 😀\\n&="); p.sort();
        const keys = [...p.keys()]; const values = []; p.forEach((v) => values.push(v));
        return [has, keys, p.size, p.toString(), values.length]`),
    ).toEqual([
      [true, false, null, ["9"]],
      ["a", "b", "c", "e"],
      4,
      "a=0&b=9&c=x&e=%7E%21%27%28%29*-._%C3%A9+%F0%9F%98%80%0A%26%3D",
      4,
    ]);
  });
});
