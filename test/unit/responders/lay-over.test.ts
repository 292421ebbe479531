import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import type { Reply } from "../../../src/responders/hit.ts";
import { layOver } from "../../../src/responders/lay-over.ts";
import type { HeaderOverlay, ScriptAnswer } from "../../../src/scripts/index.ts";

type ScriptReply = Extract<ScriptAnswer, { kind: "reply" }>;

const base: Reply = {
  status: 201,
  headers: [
    ["Content-Type", "text/html"],
    ["X-A", "1"],
    ["x-a", "2"],
    ["x-b", "3"],
  ],
  body: utf8("base"),
};
const sendersBody = utf8("sent");
const over = (reply: Omit<ScriptReply, "kind" | "wishes">, under: Reply = base): Reply =>
  layOver(
    under,
    { kind: "reply", wishes: { journal: {}, skipRequest: false, trackResponse: false }, ...reply },
    (body) => (body instanceof Uint8Array ? body : sendersBody),
  );

describe("a script's reply", () => {
  it("leaves what it does not name", () => {
    expect(over({})).toEqual(base);
    expect(over({ status: 299 })).toEqual({ ...base, status: 299 });
    expect(over({ body: utf8("x") })).toEqual({ ...base, body: utf8("x") });
  });

  it("empties the body with null, and passes the sender's own on", () => {
    expect(over({ body: null }).body).toBeNull();
    expect(over({ body: { input: 0 } }).body).toBe(sendersBody);
  });

  it("replaces all of the base's headers of a name, whatever their case, and keeps its own repeats", () => {
    const headers = over({
      headers: {
        mode: "merge",
        set: [
          ["x-a", "9"],
          ["set-cookie", "a"],
          ["set-cookie", "b"],
          ["x-b", null],
        ],
      },
    }).headers;
    expect(headers).toEqual([
      ["Content-Type", "text/html"],
      ["x-a", "9"],
      ["set-cookie", "a"],
      ["set-cookie", "b"],
    ]);
  });

  it("replaces the whole list in the expression form", () => {
    expect(over({ headers: { mode: "replace", pairs: [["x-c", "1"]] } }).headers).toEqual([["x-c", "1"]]);
    expect(over({ headers: { mode: "replace", pairs: [] } }).headers).toEqual([]);
  });

  const typeOf = (
    reply: Omit<ScriptReply, "kind" | "wishes">,
    headers: Reply["headers"],
  ): readonly string[] =>
    over(reply, { ...base, headers })
      .headers.filter(([name]) => name.toLowerCase() === "content-type")
      .map(([, value]) => value);

  it("has the type that its body implies where the base has none", () => {
    expect(typeOf({ body: null, bodyType: "text/plain; charset=utf-8" }, [])).toEqual([
      "text/plain; charset=utf-8",
    ]);
    expect(typeOf({ body: null, bodyType: "application/json" }, [])).toEqual(["application/json"]);
  });

  it("leaves the base's type to a text, and only a JSON type to JSON", () => {
    const html = [["Content-Type", "text/html"]] as const;
    expect(typeOf({ bodyType: "text/plain; charset=utf-8" }, html)).toEqual(["text/html"]);
    expect(typeOf({ bodyType: "application/json" }, html)).toEqual(["application/json"]);
    for (const json of ["application/json", "application/problem+json; charset=utf-8", "Application/JSON"]) {
      expect(typeOf({ bodyType: "application/json" }, [["content-type", json]])).toEqual([json]);
    }
  });

  it("does not have a type again that it removed or set", () => {
    const set = (value: string | null): HeaderOverlay => ({
      mode: "merge",
      set: [["content-type", value]],
    });
    const html = [["Content-Type", "text/html"]] as const;
    expect(typeOf({ headers: set(null), bodyType: "application/json" }, html)).toEqual([]);
    expect(typeOf({ headers: set("a/b"), bodyType: "application/json" }, html)).toEqual(["a/b"]);
  });
});
