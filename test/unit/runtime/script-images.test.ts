import { describe, expect, it } from "vitest";
import type { BaseImage, ScriptImage } from "../../../src/runtime/image.ts";
import { createScriptImages } from "../../../src/runtime/script-images.ts";

const anchors = {
  runtime: 0,
  context: 0,
  argumentsAt: 0,
  start: 0,
  settle: 0,
  tools: { describe: 0, makeError: 0, seed: 0, parse: 0, stringify: 0, slice: 0 },
};
const base = (): BaseImage => ({
  statics: new Uint8Array(0),
  heap: new Uint8Array(0),
  heapTop: 0,
  anchors,
});
const script = (bytes: number): ScriptImage => ({
  blocks: { addresses: new Uint32Array(0), bytes: new Uint8Array(bytes) },
  heapTop: 0,
  main: undefined,
});
const one = base();
const program = (code: string) => ({ form: "module", code }) as const;

describe("the images of compiled scripts", () => {
  it("are found by account, prelude and source, and never by another account", () => {
    const images = createScriptImages({ maxBytes: 1_000, maxBytesPerAccount: 1_000 });
    const made = script(100);
    images.keep("a", one, program("code"), made);
    expect(images.find("a", one, program("code"))).toBe(made);
    expect(images.find("b", one, program("code"))).toBeUndefined();
    expect(images.find("a", one, program("other"))).toBeUndefined();
    expect(images.find("a", base(), program("code"))).toBeUndefined();
    expect(images.find("a", one, { form: "expression", code: "code" })).toBeUndefined();
  });

  it("of one account push out only its own, the one unused for longest first", () => {
    const images = createScriptImages({ maxBytes: 10_000, maxBytesPerAccount: 1_000 });
    images.keep("b", one, program("b1"), script(900));
    for (const code of ["a1", "a2"]) images.keep("a", one, program(code), script(400));
    images.find("a", one, program("a1"));
    images.keep("a", one, program("a3"), script(400));
    expect(["a1", "a2", "a3"].map((code) => images.find("a", one, program(code)) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    expect(images.find("b", one, program("b1"))).toBeDefined();
  });

  it("give way to others' when all of them are too many, by who was used last", () => {
    const images = createScriptImages({ maxBytes: 1_000, maxBytesPerAccount: 600 });
    images.keep("a", one, program("x"), script(500));
    images.keep("b", one, program("x"), script(400));
    images.find("a", one, program("x"));
    images.keep("c", one, program("x"), script(300));
    expect(["a", "b", "c"].map((account) => images.find(account, one, program("x")) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
    expect(images.byteLength()).toBe(804);
  });

  it("are not kept when one alone is more than an account's, and are counted by bytes of blocks and source", () => {
    const images = createScriptImages({ maxBytes: 1_000, maxBytesPerAccount: 500 });
    images.keep("a", one, program("code"), script(493));
    expect([images.count(), images.byteLength()]).toEqual([0, 0]);
    images.keep("a", one, program("code"), script(492));
    images.keep("a", one, program("code"), script(400));
    expect([images.count(), images.byteLength()]).toEqual([1, 408]);
    images.clear();
    expect([images.count(), images.byteLength()]).toEqual([0, 0]);
  });
});
