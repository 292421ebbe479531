import { describe, expect, it } from "vitest";
import { parseReference, referenceText } from "../../../../src/scripts/library/reference.ts";

describe("a reference to a script", () => {
  it.each([
    ["sign", { name: "sign", version: null }],
    ["sign@3", { name: "sign", version: 3 }],
    ["a-1@200000000", { name: "a-1", version: 200_000_000 }],
  ])("%s is a name, and maybe a version", (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
    expect(referenceText(reference)).toBe(text);
  });

  it.each([
    "",
    "@1",
    "sign@",
    "sign@0",
    "sign@01",
    "sign@1.5",
    "sign@latest",
    "Sign",
    "1a",
    "a b",
    "a@1@2",
    "a".repeat(65),
  ])("%s is none", (text) => {
    expect(parseReference(text)).toBeUndefined();
  });
});
