import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import type { OutgoingRequest, SecretPlace } from "../../../src/secrets/index.ts";
import { filled, outcome, runOf, secret, STRIPE } from "../../support/filling.ts";

const PLACES: readonly SecretPlace[] = ["header:authorization", "query", "path", "form", "json"];
const run = runOf([secret("KEY", STRIPE, { places: PLACES })]);
const { placeholders } = run;
const TEXT = run.text("KEY");

const hex = (text: string): string => Buffer.from(text).toString("hex");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const percent = (text: string): string => hex(text).replaceAll(/../g, "%$&");
const escaped = (text: string): string => hex(text).replaceAll(/../g, "\\u00$&");

const ENCODINGS: readonly (readonly [string, string])[] = [
  ["in capitals", TEXT.toUpperCase()],
  ["with a capital", TEXT.replace("h", "H")],
  ["in hexadecimal", hex(TEXT)],
  ["in hexadecimal of capitals", hex(TEXT).toUpperCase()],
  ["in base64", base64(TEXT)],
  ["in base64, as credentials", base64(`user:${TEXT}`)],
  ["in base64, behind a byte", base64(`u${TEXT}`)],
  ["in base64, behind two", base64(`us${TEXT}`)],
  ["in base64, before others", base64(`${TEXT}:x`)],
  ["in base64url", base64url(`??>${TEXT}>>?`)],
  ["percent-encoded", percent(TEXT)],
  ["with a character percent-encoded", TEXT.replace("w", "%77")],
  ["with the last character percent-encoded", TEXT.slice(0, -1) + percent(TEXT.slice(-1))],
  ["in base64 of which a character is percent-encoded", base64(TEXT).replace("a", "%61")],
];

const sent = (request: Partial<OutgoingRequest>) => outcome(filled(placeholders, request));
const REASON = "it is encoded there";

describe("an encoded placeholder is refused", () => {
  it.each(ENCODINGS)("in a header, %s", (_, text) => {
    expect(sent({ headers: [["authorization", `Bearer ${text}`]] })).toContain(REASON);
    expect(sent({ headers: [["x-other", text]] })).toContain("its places are");
  });

  it.each(ENCODINGS)("in a URL, %s", (_, text) => {
    expect(sent({ url: `https://api.stripe.com/?a=${text}` })).toContain(REASON);
    expect(sent({ url: `https://api.stripe.com/a/${text.replaceAll("/", "_")}/b` })).toContain(REASON);
    expect(sent({ url: `https://api.stripe.com/?${text}=1` })).toContain("a name in the query");
    expect(sent({ url: `https://api.stripe.com/#${text}` })).toContain("the URL's fragment");
    expect(sent({ url: `https://evil.example/?a=${text}` })).toContain("its hosts are");
  });

  it.each<readonly [string, string]>([
    ...ENCODINGS,
    ["escaped", escaped(TEXT)],
    ["with a character escaped", TEXT.replace("c", "\\u0063")],
  ])("in a body, %s", (_, text) => {
    const json = [["content-type", "application/json"]] as const;
    const form = [["content-type", "application/x-www-form-urlencoded"]] as const;
    expect(sent({ headers: json, body: { kind: "text", text: `{"a":"${text}"}` } })).toContain(REASON);
    expect(sent({ headers: json, body: { kind: "bytes", bytes: utf8(`["${text}"]`) } })).toContain(REASON);
    expect(sent({ headers: json, body: { kind: "text", text: `{"${text}":1}` } })).toContain(
      "a key of the JSON body",
    );
    expect(sent({ headers: form, body: { kind: "text", text: `a=${text}` } })).toContain(REASON);
    expect(sent({ body: { kind: "text", text: `a ${text} b` } })).toContain("a body without a content-type");
  });

  it("beside one that is not", () => {
    expect(sent({ url: `https://api.stripe.com/?a=${TEXT}${TEXT.toUpperCase()}` })).toContain(REASON);
    expect(sent({ url: `https://api.stripe.com/?a=${TEXT}&b=${percent(TEXT)}&c=${TEXT}` })).toContain(REASON);
  });

  it.each([
    ["of no run", "hwsec_abcdefghijklmnopqrstuvwxyz234567abcdefgh"],
    ["that is cut", TEXT.slice(0, -1)],
    ["that is a character off", `${TEXT.slice(0, -1)}${TEXT.endsWith("a") ? "b" : "a"}`],
  ])("but not what only looks like one: %s", (_, text) => {
    for (const written of [
      text,
      text.toUpperCase(),
      hex(text),
      base64(text),
      base64url(`x${text}`),
      percent(text),
    ]) {
      const url = `https://api.stripe.com/?a=${written}`;
      expect(sent({ url })).toMatchObject({ url });
    }
  });

  it("whatever stands around it in base64", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (before, after, isUrl) => {
        const encode = isUrl ? base64url : base64;
        expect(sent({ headers: [["authorization", encode(before + TEXT + after)]] })).toContain(REASON);
      }),
    );
  });
});

describe("any JSON body", () => {
  it("holds the values where the placeholders stood, and is otherwise the same", () => {
    const value = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(fc.jsonValue(), value, fc.boolean(), fc.nat(8), (json, text, asBytes, indent) => {
        const any = runOf([secret("ANY", text, { places: ["json"] })]);
        const slot = any.text("ANY");
        const body = JSON.stringify([json, slot, { a: `x${slot}y` }], null, indent);
        const result = filled(any.placeholders, {
          headers: [["content-type", "application/json"]],
          body: asBytes ? { kind: "bytes", bytes: utf8(body) } : { kind: "text", text: body },
        });
        if (result.kind === "refused") throw new Error(result.error.message);
        const out = result.request.body;
        const written =
          out.kind === "text" ? out.text : out.kind === "bytes" ? Buffer.from(out.bytes).toString() : "";
        expect(JSON.parse(written)).toEqual([JSON.parse(JSON.stringify(json)), text, { a: `x${text}y` }]);
      }),
    );
  });

  it("of which a key holds a placeholder is refused, wherever that is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (json, around) => {
        const body = JSON.stringify({ a: [json, { [around + TEXT]: json }] });
        const headers = [["content-type", "application/json"]] as const;
        expect(sent({ headers, body: { kind: "text", text: body } })).toContain("a key of the JSON body");
      }),
    );
  });
});

describe("any query or form", () => {
  it("has as many names and values as before, and the value where the placeholder stood", () => {
    const part = fc.string().filter((text) => !text.includes("hwsec_"));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(part, part)),
        fc.string({ unit: "grapheme", minLength: 1 }),
        (pairs, text) => {
          const any = runOf([secret("ANY", text, { places: ["query", "form"] })]);
          const written = new URLSearchParams([
            ...pairs.map(([name, value]): [string, string] => [name, value]),
            ["key", any.text("ANY")],
          ]);
          const expected = [...pairs, ["key", text.toWellFormed()]];
          const result = filled(any.placeholders, {
            url: `https://api.stripe.com/?${String(written)}`,
            headers: [["content-type", "application/x-www-form-urlencoded"]],
            body: { kind: "text", text: String(written) },
          });
          if (result.kind === "refused") throw new Error(result.error.message);
          expect([...new URL(result.request.url).searchParams]).toEqual(expected);
          const { body } = result.request;
          expect([...new URLSearchParams(body.kind === "text" ? body.text : "")]).toEqual(expected);
        },
      ),
    );
  });
});

describe("any path", () => {
  it("has as many segments as before, and the value in the one where the placeholder stood", () => {
    fc.assert(
      fc.property(fc.webPath(), fc.string({ unit: "grapheme", minLength: 1 }), (path, text) => {
        const any = runOf([secret("ANY", text, { places: ["path"] })]);
        const before = new URL(`https://api.stripe.com${path}/${any.text("ANY")}/end`);
        const result = filled(any.placeholders, { url: before.href });
        if (result.kind === "refused") return;
        const segments = new URL(result.request.url).pathname.split("/");
        expect(segments).toHaveLength(before.pathname.split("/").length);
        expect(decodeURIComponent(segments.at(-2) ?? "")).toBe(text.toWellFormed());
      }),
    );
  });
});
