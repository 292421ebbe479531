import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../../src/lib/bytes.ts";
import { depthOf, readFrame, readLine } from "../../../src/runtime/frame.ts";

const frame = (length: number, rest: Uint8Array) => {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, length, true);
  return concat([head, rest]);
};

describe("a frame", () => {
  it("is its JSON and the bytes after it", () => {
    const read = readFrame(frame(4, utf8("nullrest")));
    expect(read?.json).toBe("null");
    expect(read?.bytes).toEqual(utf8("rest"));
    expect(readFrame(frame(0, utf8("")))).toEqual({ json: "", bytes: new Uint8Array(0) });
  });

  it("is none when its lengths or its text do not hold", () => {
    expect(readFrame(new Uint8Array(3))).toBeUndefined();
    expect(readFrame(frame(5, utf8("four")))).toBeUndefined();
    expect(readFrame(frame(0xffff_ffff, utf8("four")))).toBeUndefined();
    expect(readFrame(frame(1, Uint8Array.of(0xff)))).toBeUndefined();
  });

  it("is read where it lies in a larger buffer", () => {
    const whole = concat([utf8("before"), frame(4, utf8("truex"))]);
    expect(readFrame(whole.subarray(6))?.json).toBe("true");
  });
});

describe("a line", () => {
  it("is its JSON and whatever follows the first line feed", () => {
    const read = readLine(utf8('{"a":1}\nbody\n'));
    expect(read?.json).toBe('{"a":1}');
    expect(read?.bytes).toEqual(utf8("body\n"));
    expect(readLine(utf8("{}\n"))).toEqual({ json: "{}", bytes: new Uint8Array(0) });
  });

  it("is none without a line feed, or when its text does not hold", () => {
    expect(readLine(utf8("{}"))).toBeUndefined();
    expect(readLine(Uint8Array.of(0xff, 0x0a))).toBeUndefined();
  });
});

describe("how deep JSON nests", () => {
  it.each([
    ["1", 0],
    ["[]", 1],
    ['{"a":[{"b":1}],"c":[]}', 3],
    ['"[[[["', 0],
    [String.raw`["\"[[", [1]]`, 2],
    [String.raw`["\\", [[1]]]`, 3],
    ["[".repeat(5_000), 5_000],
  ])("is counted outside of strings: %#", (json, depth) => {
    expect(depthOf(json)).toBe(depth);
  });
});
