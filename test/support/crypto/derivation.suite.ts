import { describe, expect, it } from "vitest";
import type { Script } from "./script.ts";

const run = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => (from + index).toString(16).padStart(2, "0")).join("");

/** RFC 5869, appendix A, cases 1 to 4. */
const HKDF: readonly (readonly [
  what: string,
  hash: string,
  key: string,
  salt: string,
  info: string,
  bits: number,
  output: string,
])[] = [
  [
    "case 1",
    "SHA-256",
    "0b".repeat(22),
    run(0, 13),
    run(0xf0, 10),
    336,
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  ],
  [
    "case 2, long",
    "SHA-256",
    run(0, 80),
    run(0x60, 80),
    run(0xb0, 80),
    656,
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  ],
  [
    "case 3, without salt and info",
    "SHA-256",
    "0b".repeat(22),
    "",
    "",
    336,
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  ],
  [
    "case 4, SHA-1",
    "SHA-1",
    "0b".repeat(11),
    run(0, 13),
    run(0xf0, 10),
    336,
    "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896",
  ],
];

/** RFC 6070 (SHA-1) and RFC 7914, section 11 (SHA-256). */
const PBKDF2: readonly (readonly [
  hash: string,
  password: string,
  salt: string,
  rounds: number,
  output: string,
])[] = [
  ["SHA-1", "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"],
  ["SHA-1", "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"],
  [
    "SHA-1",
    "passwordPASSWORDpassword",
    "saltSALTsaltSALTsaltSALTsaltSALTsalt",
    4_096,
    "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
  ],
  ["SHA-1", "pass\\0word", "sa\\0lt", 4_096, "56fa6aa75548099dcc37d7f03425e0c3"],
  [
    "SHA-256",
    "passwd",
    "salt",
    1,
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
  ],
  [
    "SHA-256",
    "Password",
    "NaCl",
    80_000,
    "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
  ],
];

export const derivation = (script: Script): void => {
  describe("HKDF", () => {
    it.each(HKDF)("%s of RFC 5869", async (_, hash, key, salt, info, bits, output) => {
      expect(
        await script(`
          const key = await subtle.importKey("raw", unhex("${key}"), "HKDF", false, ["deriveBits"]);
          return hex(await subtle.deriveBits({ name: "HKDF", hash: "${hash}", salt: unhex("${salt}"), info: unhex("${info}") }, key, ${bits}))`),
      ).toBe(output);
    });

    it("gives up to 255 blocks, and whole bytes only", async () => {
      expect(
        await script(`
          const key = await subtle.importKey("raw", utf8("k"), "HKDF", false, ["deriveBits"]); const use = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new Uint8Array() };
          return [(await subtle.deriveBits(use, key, 0)).byteLength, (await subtle.deriveBits(use, key, 255 * 256)).byteLength,
            await all([() => subtle.deriveBits(use, key, 255 * 256 + 8), () => subtle.deriveBits(use, key, 7), () => subtle.deriveBits(use, key, null), () => subtle.deriveBits(use, key),
              () => subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array() }, key, 8), () => subtle.deriveBits({ ...use, hash: "MD5" }, key, 8)])]`),
      ).toEqual([
        0,
        8_160,
        [...Array.from({ length: 4 }, () => "OperationError"), "TypeError", "NotSupportedError"],
      ]);
    });
  });

  describe("PBKDF2", () => {
    it.each(PBKDF2)("%s, %s, %s, %i rounds", async (hash, password, salt, iterations, output) => {
      expect(
        await script(`
          const key = await subtle.importKey("raw", utf8("${password}"), "PBKDF2", false, ["deriveBits"]);
          return hex(await subtle.deriveBits({ name: "PBKDF2", hash: "${hash}", salt: utf8("${salt}"), iterations: ${iterations} }, key, ${output.length * 4}))`),
      ).toBe(output);
    });

    it("takes 1 to 100,000 iterations", async () => {
      expect(
        await script(`
          const key = await subtle.importKey("raw", new Uint8Array(), "PBKDF2", false, ["deriveBits"]);
          const use = (iterations, length = 8) => () => subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: utf8("salt"), iterations }, key, length);
          return all([use(1), use(0), use(100_001), use(-1), use(2 ** 32), use(NaN), use(1, 7), use(1, null)])`),
      ).toEqual([
        "nothing",
        "OperationError",
        "NotSupportedError",
        "TypeError",
        "TypeError",
        "TypeError",
        "OperationError",
        "OperationError",
      ]);
    });

    it("makes keys for other algorithms", async () => {
      expect(
        await script(`
          const key = await subtle.importKey("raw", utf8("password"), "PBKDF2", false, ["deriveKey"]); const use = { name: "PBKDF2", hash: "SHA-256", salt: utf8("salt"), iterations: 2 };
          const made = []; for (const wanted of [{ name: "AES-GCM", length: 256 }, { name: "aes-cbc", length: 128 }]) made.push((await subtle.deriveKey(use, key, wanted, true, ["encrypt"])).algorithm);
          for (const wanted of [{ name: "HMAC", hash: "SHA-256" }, { name: "HMAC", hash: "SHA-512" }, { name: "HMAC", hash: "SHA-256", length: 160 }]) made.push((await subtle.deriveKey(use, key, wanted, true, ["sign"])).algorithm.length);
          return [made, await all([() => subtle.deriveKey(use, key, { name: "AES-GCM", length: 100 }, true, ["encrypt"]), () => subtle.deriveKey(use, key, { name: "AES-GCM", length: 128 }, true, []),
            () => subtle.deriveKey(use, key, { name: "AES-GCM", length: 128 }, true, ["sign"]), () => subtle.deriveKey(use, key, "Ed25519", true, ["sign"]), () => subtle.deriveKey(use, key, "HKDF", false, ["deriveBits"]), () => subtle.deriveBits(use, key, 8)])]`),
      ).toEqual([
        [{ name: "AES-GCM", length: 256 }, { name: "AES-CBC", length: 128 }, 512, 1_024, 160],
        [
          "OperationError",
          "SyntaxError",
          "SyntaxError",
          "NotSupportedError",
          "OperationError",
          "InvalidAccessError",
        ],
      ]);
    });
  });
};
