import { anything, assert, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../src/scripts/contract.ts";

const NO_WISHES = { journal: {}, skipRequest: false, trackResponse: false };
const bytes = new Uint8Array([1]);

describe("what came out of the sandbox", () => {
  it("is taken as it is when it holds", () => {
    expect(
      readAnswer({
        head: { kind: "response", status: 200, headers: [["X-A", "é"]], body: "bytes" },
        body: bytes,
      }),
    ).toEqual({ kind: "response", status: 200, headers: [["x-a", "é"]], body: bytes, wishes: NO_WISHES });
    expect(readAnswer({ head: { kind: "none", skipRequest: true }, body: null })).toEqual({
      kind: "none",
      wishes: { ...NO_WISHES, skipRequest: true },
    });
  });

  it("keeps the base's body apart from an empty one", () => {
    expect(readAnswer({ head: { kind: "reply", body: "absent" }, body: null })).not.toHaveProperty("body");
    expect(readAnswer({ head: { kind: "reply", body: "none" }, body: null })).toMatchObject({ body: null });
  });

  it.each([
    ["no head", null],
    ["a head that is a list", []],
    ["no kind", {}],
    ["an unknown kind", { kind: "forward" }],
    ["a kind of a prototype", { kind: "__proto__" }],
    ["a response without a status", { kind: "response", headers: [] }],
    ["a response without headers", { kind: "response", status: 200 }],
    ["a status of 101", { kind: "reply", status: 101 }],
    ["a status of 200.5", { kind: "reply", status: 200.5 }],
    ["a status as text", { kind: "reply", status: "200" }],
    ["a header that splits the response", { kind: "reply", headers: [["a", "b\r\nset-cookie: c"]] }],
    ["a header name with a line break", { kind: "reply", headers: [["a\n", "b"]] }],
    ["a header value above U+00FF", { kind: "reply", headers: [["a", "€"]] }],
    ["a header of a number", { kind: "reply", headers: [["a", 1]] }],
    ["headers in an object", { kind: "reply", headers: { a: "b" } }],
    ["a removal in a response", { kind: "response", status: 200, headers: [["a", null]] }],
    ["a removal where all is replaced", { kind: "reply", replaceHeaders: true, headers: [["a", null]] }],
  ])("is unfit with %s", (_, head) => {
    expect(readAnswer({ head, body: null })).toMatchObject({ kind: "unfit" });
  });

  it("is unfit when it names an input that a hit does not have", () => {
    const head = { kind: "response", status: 200, headers: [] };
    expect(readAnswer({ head, body: { input: 1 } })).toMatchObject({ kind: "unfit" });
    expect(readAnswer({ head, body: { input: 0 } })).toMatchObject({ body: { input: 0 } });
  });

  it("takes no type but the two that the contract names, and no wish but true and false", () => {
    expect(readAnswer({ head: { kind: "reply", bodyType: "text/html" }, body: bytes })).not.toHaveProperty(
      "bodyType",
    );
    expect(
      readAnswer({
        head: { kind: "none", journal: { keep: 1, bodies: false }, trackResponse: "true" },
        body: null,
      }),
    ).toMatchObject({ wishes: { journal: { bodies: false }, trackResponse: false } });
  });

  it("is an answer or unfit, whatever it is: never a throw", () => {
    assert(
      property(anything(), (head) => {
        expect(["response", "reply", "none", "unfit"]).toContain(readAnswer({ head, body: null }).kind);
      }),
    );
  });
});
