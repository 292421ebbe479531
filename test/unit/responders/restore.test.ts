import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import { restoreHit } from "../../../src/responders/grants/restore.ts";
import type { Hit } from "../../../src/responders/index.ts";

const hit = (more: Partial<Hit>): Hit => ({
  requestId: "exc_1",
  receivedAt: 1,
  hops: 0,
  method: "POST",
  url: "http://h.test/a/[secret K]?t=[secret K]",
  path: "/a/[secret K]",
  rawQuery: "t=[secret K]",
  headers: [
    ["authorization", "Bearer [secret K]"],
    ["x-other", "[secret OTHER] [secret K]"],
  ],
  body: utf8("k=[secret K]&o=[secret OTHER]"),
  client: { ip: null },
  ...more,
});

const textOf = (name: string): string | undefined => (name === "K" ? 'a"b c' : undefined);
const restored = (masked: readonly string[], more: Partial<Hit> = {}): Hit =>
  restoreHit(hit(more), masked, textOf);
const bodyOf = ({ body }: Hit): string => fromUtf8(body ?? new Uint8Array(0));

describe("restoring a recorded hit", () => {
  it("puts texts where marks stand, in the fields that are named and no others", () => {
    expect(restored([])).toEqual(hit({}));
    expect(restored(["header:0"]).headers).toEqual([
      ["authorization", 'Bearer a"b c'],
      ["x-other", "[secret OTHER] [secret K]"],
    ]);
    expect(restored(["header:0"]).url).toBe(hit({}).url);
    expect(bodyOf(restored(["url"]))).toBe(bodyOf(hit({})));
  });

  it("leaves the mark of a secret that is not granted", () => {
    expect(restored(["header:1"]).headers[1]).toEqual(["x-other", '[secret OTHER] a"b c']);
  });

  it("escapes as the place needs", () => {
    expect(restored(["url"])).toMatchObject({
      url: "http://h.test/a/a%22b%20c?t=a%22b%20c",
      path: "/a/a%22b%20c",
      rawQuery: "t=a%22b%20c",
    });
    expect(bodyOf(restored(["body"]))).toBe('k=a"b c&o=[secret OTHER]');
    const json = {
      headers: [["content-type", "application/json"]] as const,
      body: utf8('{"k":"[secret K]"}'),
    };
    expect(bodyOf(restored(["body"], json))).toBe('{"k":"a\\"b c"}');
  });

  it("changes no other byte of a body", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const body = new Uint8Array([...bytes, ...utf8("[secret K]"), ...bytes]);
    const { body: after } = restored(["body"], { body });
    expect(after).toEqual(new Uint8Array([...bytes, ...utf8('a"b c'), ...bytes]));
  });

  it("drops a header that a mark has made impossible", () => {
    const headers = [
      ["[secret k]", "1"],
      ["x-a", "2"],
    ] as const;
    expect(restored(["url"], { headers }).headers).toEqual([["x-a", "2"]]);
  });
});
