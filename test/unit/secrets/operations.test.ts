import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import { secretsOf } from "../../support/granted-secrets.ts";

const SHARED = { hash: "SHA-256", key: "text", prefix: "" } as const;
const hmac = (key: string, data: string): Uint8Array =>
  new Uint8Array(createHmac("sha256", key).update(data).digest());

describe("placeholders in data that a script gives", () => {
  const texts = { ONE: "first", TWO: "zwei\u00e9" };

  it("are put back in a replay, and only there, and only those of the run", () => {
    for (const expand of [true, false]) {
      const { granted, placeholders } = secretsOf(texts, { expand });
      const [one = "", two = ""] = granted.texts;
      const { powers } = granted;
      expect([powers.equals(0, utf8(one)), powers.equals(0, utf8("first"))]).toEqual([expand, true]);
      const data = `\u00e4 ${one}/${two}/hwsec_${"a".repeat(40)}`;
      const whole = data.replace(one, "first").replace(two, texts.TWO);
      expect(powers.hmac(0, SHARED, utf8(data))).toEqual({
        kind: "derived",
        bytes: hmac("first", expand ? whole : data),
      });
      // What stands for user and password together is no secret's own text.
      const basic = placeholders.ofBasicAuth(0, "ada")?.text ?? "";
      expect(powers.hmac(0, SHARED, utf8(basic))).toEqual({ kind: "derived", bytes: hmac("first", basic) });
    }
  });

  it("leave bytes that are no text as they are", () => {
    const { granted } = secretsOf({ ONE: "first" }, { expand: true });
    const bytes = new Uint8Array([255, 0, 200, ...utf8(granted.texts[0] ?? ""), 254]);
    const expected = createHmac("sha256", "first")
      .update(new Uint8Array([255, 0, 200, ...utf8("first"), 254]))
      .digest();
    expect(granted.powers.hmac(0, SHARED, bytes)).toEqual({
      kind: "derived",
      bytes: new Uint8Array(expected),
    });
  });
});

describe("a secret's use", () => {
  it("is told, whatever it comes to, and for each that is tried", async () => {
    const { granted, used } = secretsOf({ ONE: "1", TWO: "2" });
    const { powers } = granted;
    powers.equals(0, utf8("x"));
    powers.hmac(1, { ...SHARED, key: "whsec" }, utf8("x"));
    await powers.sign(0, "RS256", utf8("x"));
    powers.verify([1, 0], {
      settings: new Map([["scheme", "github"]]),
      url: "https://a.example/",
      headers: [],
      body: utf8(""),
    });
    expect(used).toEqual(["sec_ONE", "sec_TWO", "sec_ONE", "sec_TWO", "sec_ONE"]);
  });
});
