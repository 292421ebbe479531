import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tryFromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import { cutBody } from "../../../src/journal/cut-body.ts";

describe("a body that is cut", () => {
  it("keeps its true size, and all of it where it fits", () => {
    expect(cutBody(utf8("12345"), 5)).toEqual({ bytes: utf8("12345"), size: 5, truncated: false });
    expect(cutBody(utf8("12345"), 4)).toEqual({ bytes: utf8("1234"), size: 5, truncated: true });
    expect(cutBody(null, 5)).toEqual({ bytes: null, size: 0, truncated: false });
    expect(cutBody(null, 5, 9)).toEqual({ bytes: null, size: 9, truncated: true });
  });

  it.each([
    ["aé", 2, "a"],
    ["a日", 3, "a"],
    ["a👧b", 4, "a"],
    ["a👧b", 5, "a👧"],
    ["é", 1, ""],
  ])("splits no character of %j at %d bytes", (text, most, left) => {
    expect(cutBody(utf8(text), most).bytes).toEqual(utf8(left));
  });

  it("is cut to the byte where it is no text", () => {
    const bytes = Uint8Array.from([0xff, 0x80, 0x80, 0x80, 0x80, 0x80]);
    expect(cutBody(bytes, 3).bytes).toEqual(bytes.slice(0, 3));
    const mixed = Uint8Array.from([0xff, ...utf8("日本")]);
    expect(cutBody(mixed, 5).bytes).toEqual(mixed.slice(0, 5));
  });

  it("has a buffer of its own: cloning takes all that is under a view", () => {
    const view = new Uint8Array(1_000).subarray(10, 20);
    expect(cutBody(view, 100).bytes?.buffer.byteLength).toBe(10);
    expect(cutBody(view, 5).bytes?.buffer.byteLength).toBe(5);
  });

  it("of any text is a text that the whole begins with, at most three bytes short", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(60), (text, most) => {
        const whole = utf8(text);
        const { bytes } = cutBody(whole, most);
        const cut = bytes === null ? undefined : tryFromUtf8(bytes);
        expect(cut === undefined ? undefined : text.startsWith(cut)).toBe(true);
        expect(bytes?.length ?? 0).toBeGreaterThanOrEqual(Math.min(whole.length, most - 3));
      }),
    );
  });
});
