import { describe, expect, it } from "vitest";
import { json, type Script } from "./script.ts";

/** FIPS 180-4, the examples of NIST for "abc" and for nothing. */
const DIGESTS: readonly (readonly [name: string, abc: string, empty: string])[] = [
  ["SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  [
    "SHA-256",
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  ],
  [
    "SHA-384",
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
  ],
  [
    "SHA-512",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
  ],
];

/** RFC 4231, cases 1, 2 and 6, and RFC 2202, case 2. */
const MACS: readonly (readonly [hash: string, key: string, data: string, mac: string])[] = [
  ["SHA-1", "4a656665", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
  [
    "SHA-256",
    "0b".repeat(20),
    "Hi There",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    "SHA-384",
    "0b".repeat(20),
    "Hi There",
    "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
  ],
  [
    "SHA-512",
    "0b".repeat(20),
    "Hi There",
    "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
  ],
  [
    "SHA-256",
    "4a656665",
    "what do ya want for nothing?",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    "SHA-256",
    "aa".repeat(131),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
];

export const hashes = (script: Script): void => {
  describe("digest", () => {
    it.each(DIGESTS)("gives %s as FIPS 180-4 has it", async (name, abc, empty) => {
      expect(
        await script(
          `return [hex(await subtle.digest("${name}", utf8("abc"))), hex(await subtle.digest({ name: "${name.toLowerCase()}" }, new ArrayBuffer(0)))]`,
        ),
      ).toEqual([abc, empty]);
    });

    it("takes any buffer or view, its own bytes only, as they are at the call", async () => {
      const [, abc] = DIGESTS[1] ?? [];
      expect(
        await script(`
          const whole = utf8("xabcx"); const data = utf8("abc");
          const pending = subtle.digest("SHA-256", data); data.fill(0);
          return [hex(await subtle.digest("SHA-256", whole.subarray(1, 4))), hex(await subtle.digest("SHA-256", new DataView(whole.buffer, 1, 3))), hex(await pending)]`),
      ).toEqual([abc, abc, abc]);
    });
  });

  describe("HMAC", () => {
    it.each(MACS)("%s, key %s", async (hash, key, data, mac) => {
      expect(
        await script(`
          const key = await secret({ name: "hmac", hash: { name: "${hash}" } }, unhex("${key}"), "sign", "verify");
          const mac = await subtle.sign("HMAC", key, utf8(${json(data)}));
          return [hex(mac), await subtle.verify({ name: "HMAC" }, key, mac, utf8(${json(data)})), key.algorithm.length]`),
      ).toEqual([mac, true, key.length * 4]);
    });

    it("is false for what was changed, cut or lengthened", async () => {
      expect(
        await script(`
          const key = await secret({ name: "HMAC", hash: "SHA-256" }, utf8("key"), "sign", "verify");
          const mac = new Uint8Array(await subtle.sign("HMAC", key, utf8("data")));
          const verify = (signature, data = "data") => subtle.verify("HMAC", key, signature, utf8(data));
          const flipped = mac.slice(); flipped[31] ^= 1;
          return Promise.all([verify(mac), verify(flipped), verify(mac.slice(0, 31)), verify(new Uint8Array([...mac, 0])), verify(new Uint8Array()), verify(mac, "Data")])`),
      ).toEqual([true, false, false, false, false, false]);
    });

    it("has keys of a whole block by default, and of any number of bits that is asked for", async () => {
      expect(
        await script(`
          const lengths = [];
          for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) lengths.push((await subtle.generateKey({ name: "HMAC", hash }, true, ["sign"])).algorithm.length);
          const odd = await subtle.importKey("raw", utf8("ab"), { name: "HMAC", hash: "SHA-256", length: 16 }, true, ["sign"]);
          const made = await subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 256 }, true, ["sign"]);
          return [lengths, odd.algorithm.length, (await subtle.exportKey("raw", made)).byteLength,
            await all([() => subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 0 }, true, ["sign"]),
              () => subtle.importKey("raw", utf8("ab"), { name: "HMAC", hash: "SHA-256", length: 17 }, true, ["sign"]),
              () => subtle.importKey("raw", new Uint8Array(), { name: "HMAC", hash: "SHA-256" }, true, ["sign"])])]`),
      ).toEqual([[512, 512, 1_024, 1_024], 16, 32, ["OperationError", "DataError", "DataError"]]);
    });
  });
};
