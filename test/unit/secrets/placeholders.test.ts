import { describe, expect, it } from "vitest";
import { createPlaceholders, type GrantedSecret, PLACEHOLDER } from "../../../src/secrets/index.ts";

const secrets = ["A", "B", "C"].map((name): GrantedSecret => ({
  id: `sec_${name}`,
  name,
  version: 1,
  value: `value of ${name}`,
  hosts: [],
  places: [],
}));
const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

describe("the placeholders of a run", () => {
  it("are hwsec_ and 40 letters, each another, in each run others", () => {
    const runs = [createPlaceholders(secrets, random), createPlaceholders(secrets, random)];
    const texts = runs.flatMap((run) => secrets.map((_, place) => run.of(place)?.text ?? ""));
    expect(new Set(texts).size).toBe(6);
    for (const text of texts) expect(text).toMatch(/^hwsec_[a-z2-7]{40}$/);
    expect([...`x${texts.join("-")}x`.matchAll(PLACEHOLDER)].map(([found]) => found)).toEqual(texts);
  });

  it("are found again, those of credentials too, and those of another run are not", () => {
    const run = createPlaceholders(secrets, random);
    const credentials = run.ofBasicAuth(1, "user");
    expect(run.ofBasicAuth(1, "user")).toBe(credentials);
    expect(run.ofBasicAuth(1, "other")?.text).not.toBe(credentials?.text);
    expect(run.find(run.of(2)?.text ?? "")).toEqual({
      text: run.of(2)?.text,
      secret: secrets[2],
      basicUser: null,
    });
    expect(run.find(credentials?.text ?? "")).toEqual({
      text: credentials?.text,
      secret: secrets[1],
      basicUser: "user",
    });
    const other = createPlaceholders(secrets, random);
    for (const text of [other.of(0)?.text ?? "", `hwsec_${"a".repeat(40)}`, "", `${run.of(0)?.text}a`]) {
      expect(run.find(text)).toBeUndefined();
    }
  });

  it("are of no secret where there is none", () => {
    const none = createPlaceholders([], random);
    expect(none.of(0)).toBeUndefined();
    expect(none.ofBasicAuth(0, "u")).toBeUndefined();
    expect(none.find("aaaa")).toBeUndefined();
    expect(createPlaceholders(secrets, random).of(3)).toBeUndefined();
  });
});
