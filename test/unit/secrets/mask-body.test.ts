import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import { maskBody } from "../../../src/secrets/masking/mask-body.ts";
import { createMask, HIDES_EVERYTHING } from "../../../src/secrets/masking/mask.ts";
import { CODINGS } from "../../support/encoded.ts";

const KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
const mask = createMask([{ name: "KEY", value: KEY }]);
const MOST = 1_000;

const gzip = CODINGS[0]?.[1] ?? ((bytes) => Uint8Array.from(bytes));

describe("a body that is masked", () => {
  it("stays as it is when nothing is found in what is kept of it", async () => {
    expect(await maskBody(mask, utf8("harmless"), null, MOST)).toEqual({ kind: "clean" });
    expect(await maskBody(mask, utf8("harmless"), " identity ", MOST)).toEqual({ kind: "clean" });
    expect(await maskBody(mask, utf8(`${" ".repeat(MOST)}${KEY}`), null, MOST)).toEqual({ kind: "clean" });
    expect(await maskBody(mask, utf8(""), "gzip", MOST)).toEqual({ kind: "clean" });
  });

  it("loses what is found, and what is behind the bytes that are kept", async () => {
    const whole = { kind: "masked", decoded: false, isWhole: true };
    expect(await maskBody(mask, utf8(`a ${KEY} b`), null, MOST)).toEqual({
      ...whole,
      bytes: utf8("a [secret KEY] b"),
    });
    const cut = await maskBody(mask, utf8(`a ${KEY} b`), null, 3);
    expect(cut).toEqual({ ...whole, isWhole: false, bytes: utf8("a [secret KEY]") });
  });

  it.each(CODINGS)("is decoded first: %s", async (coding, encode) => {
    expect(await maskBody(mask, encode(utf8("harmless")), coding, MOST)).toEqual({ kind: "clean" });
    const found = await maskBody(mask, encode(utf8(`a ${KEY} b`)), coding, MOST);
    expect(found).toEqual({ kind: "masked", bytes: utf8("a [secret KEY] b"), decoded: true, isWhole: true });
  });

  it.each(CODINGS)(
    "is kept decoded, and cut, when more of it might hold a secret than was looked at: %s",
    async (coding, encode) => {
      const body = encode(utf8(`${"a".repeat(MOST)}${"b".repeat(5_000)}${KEY}`));
      const kept = await maskBody(mask, body, coding, MOST);
      expect(kept).toEqual({ kind: "masked", bytes: utf8("a".repeat(MOST)), decoded: true, isWhole: false });
    },
  );

  it("is masked whole where it is cut within a secret", async () => {
    const kept = await maskBody(mask, gzip(utf8(`${"a".repeat(MOST - 5)}${KEY}zzz`)), "gzip", MOST);
    expect(kept.kind === "masked" && fromUtf8(kept.bytes)).toBe(`${"a".repeat(MOST - 5)}[secret KEY]`);
  });

  it("is not kept encoded when its format holds a secret besides, as a name or a comment of gzip", async () => {
    const named = gzip(utf8("harmless"));
    const withName = Uint8Array.from([
      ...named.slice(0, 3),
      0x08,
      ...named.slice(4, 10),
      ...utf8(KEY),
      0,
      ...named.slice(10),
    ]);
    const kept = await maskBody(mask, withName, "gzip", MOST);
    expect(kept).toEqual({ kind: "masked", bytes: utf8("harmless"), decoded: true, isWhole: true });
  });

  it.each([
    ["an unknown coding", "compress", utf8("anything")],
    ["more codings than anybody uses", "gzip, gzip, gzip, gzip", utf8("anything")],
    ["bytes that are none of that coding", "gzip", utf8("not gzip")],
    ["bytes that are none of that coding", "br", utf8("not brotli, and longer than a few bytes")],
    ["bytes that are none of that coding", "zstd", utf8("not zstd")],
    ["bytes that end too early", "gzip", gzip(utf8("harmless, all of it")).slice(0, -12)],
  ])("is unreadable with %s: %s", async (_, coding, bytes) => {
    expect(await maskBody(mask, bytes, coding, MOST)).toEqual({ kind: "unreadable" });
  });

  it("needs no decoding when there is nothing to look for, or nothing to show", async () => {
    expect(await maskBody(createMask([]), utf8("not gzip"), "gzip", MOST)).toEqual({ kind: "clean" });
    expect(await maskBody(HIDES_EVERYTHING, utf8("not gzip"), "gzip", MOST)).toEqual({
      kind: "masked",
      bytes: utf8(""),
      decoded: false,
      isWhole: true,
    });
  });
});
