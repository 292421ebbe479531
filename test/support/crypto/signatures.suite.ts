import { describe, expect, it } from "vitest";
import type { Script } from "./script.ts";

/** RFC 6979, A.2.5 to A.2.7: "sample", each curve with its own hash. */
const ECDSA: readonly (readonly [curve: string, hash: string, x: string, y: string, r: string, s: string])[] =
  [
    [
      "P-256",
      "SHA-256",
      "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    ],
    [
      "P-384",
      "SHA-384",
      "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13",
      "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
      "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
      "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
    ],
    [
      "P-521",
      "SHA-512",
      "01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a4",
      "00493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5",
      "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa",
      "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a",
    ],
  ];
const P256_ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/** RFC 8032, 7.1, tests 1 to 3. */
const ED25519: readonly (readonly [
  test: number,
  seed: string,
  key: string,
  message: string,
  signature: string,
])[] = [
  [
    1,
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    2,
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    3,
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
];
const PKCS8_ED25519 = "302e020100300506032b657004220420";
const ED25519_ORDER = "7237005577332262213973186563042994240857116359379907606001950938285454250989n";

export const signatures = (script: Script): void => {
  describe("ECDSA", () => {
    it.each(ECDSA)("on %s with %s as RFC 6979 has it", async (curve, hash, x, y, r, s) => {
      expect(
        await script(`
          const use = { name: "ECDSA", hash: "${hash}" };
          const key = await subtle.importKey("jwk", { kty: "EC", crv: "${curve}", x: base64url(unhex("${x}")), y: base64url(unhex("${y}")) }, { name: "ECDSA", namedCurve: "${curve}" }, true, ["verify"]);
          const verify = (signature, data = "sample") => subtle.verify(use, key, unhex(signature), utf8(data));
          return Promise.all([verify("${r}${s}"), verify("${r}${s}", "Sample"), verify("${s}${r}"), verify("${r}${s}00"), verify("${r}${s}".slice(2)), verify(""), verify("00".repeat(${x.length}))])`),
      ).toEqual([true, false, false, false, false, false, false]);
    });

    it("takes a pair of numbers and nothing else: no DER, no zero, none beyond the order; either of the two s", async () => {
      const [, , x, y, r, s] = ECDSA[0] ?? [];
      expect(
        await script(`
          const key = await subtle.importKey("raw", unhex("04${x}${y}"), { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
          const verify = (signature) => subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, unhex(signature), utf8("sample"));
          const order = 0x${P256_ORDER}n; const number = (value) => value.toString(16).padStart(64, "0");
          const r = 0x${r}n; const s = 0x${s}n;
          return Promise.all([verify("3046022100${r}022100${s}"), verify(number(0n) + number(s)), verify(number(r) + number(0n)), verify(number(order) + number(s)), verify(number(r) + number(order)),
            verify(number(r + order > 2n ** 256n ? r : r + order) + "00" + number(s)), verify(number(r) + number(order - s))])`),
      ).toEqual([false, false, false, false, false, false, true]);
    });

    it("asks for the hash with each call, and for the key's own curve", async () => {
      expect(
        await script(`
          const { privateKey, publicKey } = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]); const sign = (use) => () => subtle.sign(use, privateKey, utf8(""));
          const spki = await subtle.exportKey("spki", publicKey); const pkcs8 = await subtle.exportKey("pkcs8", privateKey); const other = { name: "ECDSA", namedCurve: "P-384" };
          return all([sign({ name: "ECDSA", hash: "SHA-1" }), sign("ECDSA"), sign({ name: "ECDSA", hash: "MD5" }), sign({ name: "ECDSA", hash: "HMAC" }), () => subtle.importKey("spki", spki, other, true, ["verify"]), () => subtle.importKey("pkcs8", pkcs8, other, true, ["sign"])])`),
      ).toEqual(["nothing", "TypeError", "NotSupportedError", "NotSupportedError", "DataError", "DataError"]);
    });
  });

  describe("Ed25519", () => {
    it.each(ED25519)("test %i of RFC 8032", async (_test, seed, key, message, signature) => {
      expect(
        await script(`
          const own = await subtle.importKey("pkcs8", unhex("${PKCS8_ED25519}${seed}"), "Ed25519", true, ["sign"]);
          const open = await subtle.importKey("raw", unhex("${key}"), { name: "ed25519" }, true, ["verify"]);
          const jwk = await subtle.exportKey("jwk", own);
          return [hex(await subtle.sign("Ed25519", own, unhex("${message}"))), await subtle.verify("Ed25519", open, unhex("${signature}"), unhex("${message}")), await subtle.verify("Ed25519", open, unhex("${signature}"), unhex("${message}00")),
            hex(unbase64url(jwk.x)), hex(unbase64url(jwk.d)), [jwk.kty, jwk.crv, jwk.alg, jwk.key_ops, jwk.ext]]`),
      ).toEqual([signature, true, false, key, seed, ["OKP", "Ed25519", "Ed25519", ["sign"], true]]);
    });

    it("refuses what is malleable, cut, or holds for any message", async () => {
      const [, , key, message, signature] = ED25519[1] ?? [];
      expect(
        await script(`
          const open = await subtle.importKey("raw", unhex("${key}"), "Ed25519", true, ["verify"]); const signature = unhex("${signature}");
          const verify = (bytes, by = open) => subtle.verify("Ed25519", by, bytes, unhex("${message}"));
          const little = (bytes) => bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n); const s = little(signature.slice(32)) + ${ED25519_ORDER};
          const malleable = signature.slice(); for (let i = 0; i < 32; i++) malleable[32 + i] = Number((s >> BigInt(8 * i)) & 255n);
          const small = ["01" + "00".repeat(31), "00".repeat(32), "ec" + "ff".repeat(30) + "7f", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"];
          const universal = unhex("01" + "00".repeat(63)); const forged = [];
          for (const point of small) for (const sign of [0, 0x80]) { const bytes = unhex(point); bytes[31] |= sign;
            try { forged.push(await verify(universal, await subtle.importKey("raw", bytes, "Ed25519", true, ["verify"]))) } catch (e) { forged.push(e.name === "DataError" ? false : e.name) } }
          return [await verify(signature), await verify(malleable), await verify(signature.slice(0, 63)), await verify(new Uint8Array([...signature, 0])), await verify(new Uint8Array()), forged.some((one) => one !== false)]`),
      ).toEqual([true, false, false, false, false, false]);
    });
  });
};
