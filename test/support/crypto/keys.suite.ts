import { describe, expect, it } from "vitest";
import type { Script } from "./script.ts";

const GENERATED: readonly (readonly [algorithm: string, usages: string, formats: string])[] = [
  [`{ name: "ECDSA", namedCurve: "P-256" }`, `["sign", "verify"]`, "raw spki pkcs8 jwk"],
  [`{ name: "ECDSA", namedCurve: "P-384" }`, `["sign", "verify"]`, "raw spki pkcs8 jwk"],
  [`{ name: "ECDSA", namedCurve: "P-521" }`, `["sign", "verify"]`, "raw spki pkcs8 jwk"],
  [`{ name: "ECDH", namedCurve: "P-256" }`, `["deriveBits"]`, "raw spki pkcs8 jwk"],
  [`"Ed25519"`, `["sign", "verify"]`, "raw spki pkcs8 jwk"],
  [`"X25519"`, `["deriveBits"]`, "raw spki pkcs8 jwk"],
  [`{ name: "HMAC", hash: "SHA-384" }`, `["sign", "verify"]`, "raw jwk"],
  [`{ name: "AES-GCM", length: 192 }`, `["encrypt", "decrypt", "wrapKey", "unwrapKey"]`, "raw jwk"],
];

export const keys = (script: Script): void => {
  describe("a key", () => {
    it.each(GENERATED)(
      "for %s goes out and in again in every format that it has",
      async (algorithm, usages, formats) => {
        expect(
          await script(`
          const made = await subtle.generateKey(${algorithm}, true, ${usages}); const keys = made.privateKey === undefined ? [made] : [made.publicKey, made.privateKey]; const trips = [];
          for (const key of keys) for (const format of ["raw", "spki", "pkcs8", "jwk"]) {
            const data = await subtle.exportKey(format, key).catch((e) => e.name); if (typeof data === "string") { trips.push(data); continue }
            const again = await subtle.importKey(format, data, ${algorithm}, true, key.usages); const back = await subtle.exportKey(format, again);
            trips.push(format === "jwk" ? JSON.stringify(back) === JSON.stringify(data) : hex(back) === hex(data));
          }
          return trips`),
        ).toEqual(
          formats === "raw jwk"
            ? [true, "NotSupportedError", "NotSupportedError", true]
            : [
                true,
                true,
                "InvalidAccessError",
                true,
                "InvalidAccessError",
                "InvalidAccessError",
                true,
                true,
              ],
        );
      },
    );

    it("shows what it is, its usages in their own order, and no change that a script makes", async () => {
      expect(
        await script(`
          const key = await subtle.importKey("raw", utf8("k"), { name: "hmac", hash: { name: "sha-1" } }, false, ["verify", "sign", "verify"]);
          const before = [key.type, key.extractable, structuredClone(key.algorithm), [...key.usages], key.algorithm === key.algorithm, key.usages === key.usages, Object.keys(key), String(key)];
          key.algorithm.name = "AES-GCM"; key.algorithm.hash.name = "SHA-512"; key.usages.length = 0;
          const mac = (await subtle.sign("HMAC", key, utf8(""))).byteLength;
          const pair = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["verify", "sign"]);
          const fixed = await subtle.importKey("raw", await subtle.exportKey("raw", pair.publicKey), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
          return [before, mac, [pair.publicKey, pair.privateKey, fixed].map(({ type, extractable, usages }) => [type, extractable, usages]), pair.publicKey.algorithm]`),
      ).toEqual([
        [
          "secret",
          false,
          { name: "HMAC", hash: { name: "SHA-1" }, length: 8 },
          ["sign", "verify"],
          true,
          true,
          [],
          "[object CryptoKey]",
        ],
        20,
        [
          ["public", true, ["verify"]],
          ["private", false, ["sign"]],
          ["public", false, ["verify"]],
        ],
        { name: "ECDSA", namedCurve: "P-256" },
      ]);
    });

    it("is not to be made, faked or unlocked by a script", async () => {
      expect(
        await script(`
          const key = await subtle.importKey("raw", utf8("k"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]); const fake = Object.create(CryptoKey.prototype, { type: { value: "secret" }, usages: { value: ["sign"] }, algorithm: { value: { name: "HMAC" } }, extractable: { value: true } });
          const getter = Object.getOwnPropertyDescriptor(CryptoKey.prototype, "extractable").get; Object.defineProperty(CryptoKey.prototype, "extractable", { get: () => true });
          return all([() => new CryptoKey(), () => new crypto.constructor(), () => new SubtleCrypto(), () => subtle.sign("HMAC", fake, utf8("")), () => subtle.exportKey("raw", fake), () => subtle.exportKey("raw", key), () => getter.call({})])`),
      ).toEqual([
        "TypeError",
        "TypeError",
        "TypeError",
        "TypeError",
        "TypeError",
        "InvalidAccessError",
        "TypeError",
      ]);
    });

    it("cannot be used for what it is not for", async () => {
      expect(
        await script(`
          const hmac = await secret({ name: "HMAC", hash: "SHA-256" }, utf8("k"), "verify"); const aes = await secret("AES-GCM", new Uint8Array(16), "decrypt", "wrapKey"); const pair = await subtle.generateKey("Ed25519", true, ["sign", "verify"]); const gcm = { name: "AES-GCM", iv: new Uint8Array(12) };
          return all([() => subtle.sign("HMAC", hmac, utf8("")), () => subtle.encrypt(gcm, aes, utf8("")), () => subtle.sign("HMAC", aes, utf8("")), () => subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, aes, utf8("")), () => subtle.sign("Ed25519", pair.publicKey, utf8("")),
            () => subtle.verify("Ed25519", pair.privateKey, new Uint8Array(64), utf8("")), () => subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: utf8(""), info: utf8("") }, aes, 8), () => subtle.sign("HMAC", {}, utf8("")), () => subtle.sign("HMAC", hmac), () => subtle.sign("HMAC", hmac, "text")])`),
      ).toEqual([
        ...Array.from({ length: 7 }, () => "InvalidAccessError"),
        "TypeError",
        "TypeError",
        "TypeError",
      ]);
    });
  });

  describe("usages", () => {
    it("are refused where no such key can have them, or where a secret would have none", async () => {
      expect(
        await script(`
          const hmac = { name: "HMAC", hash: "SHA-256" }; const ec = { name: "ECDSA", namedCurve: "P-256" }; const k = utf8("k");
          const pair = await subtle.generateKey(ec, true, ["sign", "verify"]); const raw = await subtle.exportKey("raw", pair.publicKey); const pkcs8 = await subtle.exportKey("pkcs8", pair.privateKey);
          return [await all([() => subtle.importKey("raw", k, hmac, true, ["encrypt"]), () => subtle.importKey("raw", k, hmac, true, []), () => subtle.importKey("raw", raw, ec, true, ["sign"]), () => subtle.importKey("pkcs8", pkcs8, ec, true, ["verify"]), () => subtle.importKey("pkcs8", pkcs8, ec, true, []),
            () => subtle.generateKey(ec, true, ["verify"]), () => subtle.generateKey(ec, true, []), () => subtle.generateKey(ec, true, ["sign", "encrypt"]), () => subtle.generateKey({ name: "AES-GCM", length: 128 }, true, []), () => subtle.importKey("raw", k, "HKDF", true, ["deriveBits"])]),
            await all([() => subtle.importKey("raw", k, hmac, true, ["fly"]), () => subtle.importKey("raw", k, hmac, true), () => subtle.importKey("raw", k, hmac, true, "sign"), () => subtle.generateKey(ec, true, [undefined])]),
            await rejected(() => subtle.importKey("raw", raw, ec, true, []))]`),
      ).toEqual([
        Array.from({ length: 10 }, () => "SyntaxError"),
        Array.from({ length: 4 }, () => "TypeError"),
        "nothing",
      ]);
    });
  });

  describe("algorithms", () => {
    it("are told apart without regard to case, and only where they do what is asked", async () => {
      expect(
        await script(`
          const key = await secret({ name: "hMaC", hash: "sHa-256" }, utf8("k"), "sign"); const use = (algorithm) => () => subtle.sign(algorithm, key, utf8(""));
          return [key.algorithm.name, await all([use("hmac"), use({ name: new String("HMAC") }), use("SHA-256"), use("AES-GCM"), use("toString"), use(""), use(undefined), use(null), use(7), use({}), use({ name: undefined }), () => subtle.digest("HMAC", utf8("")), () => subtle.encrypt("RSA-PSS", key, utf8("")), () => subtle.importKey("raw", utf8("k"), "AES-KW", true, ["wrapKey"]), () => subtle.importKey("raw", utf8("k"), { name: "HMAC", hash: { } }, true, ["sign"]), () => subtle.generateKey({ name: "ECDSA", namedCurve: "K-256" }, true, ["sign"])])]`),
      ).toEqual([
        "HMAC",
        [
          "nothing",
          "nothing",
          ...Array.from({ length: 7 }, () => "NotSupportedError"),
          "TypeError",
          "TypeError",
          "NotSupportedError",
          "NotSupportedError",
          "NotSupportedError",
          "TypeError",
          "NotSupportedError",
        ],
      ]);
    });

    it("have their members converted as Web IDL does: in order, in range, bytes copied at once", async () => {
      expect(
        await script(`
          const order = []; const key = await secret("AES-GCM", new Uint8Array(16), "encrypt", "decrypt");
          const iv = new Uint8Array(12); const use = { get tagLength() { order.push("tagLength"); return "96" }, get iv() { order.push("iv"); return iv }, get name() { order.push("name"); return "AES-GCM" }, get additionalData() { order.push("additionalData") } };
          const pending = subtle.encrypt(use, key, utf8("x")); iv.fill(9); const sealed = await pending;
          const opened = text(await subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12), tagLength: 96.9 }, key, sealed));
          const thrown = await rejected(() => subtle.encrypt({ get name() { throw new RangeError("mine") } }, key, utf8("x")));
          return [order, opened, thrown, await all(["text", null, [1], 3].map((iv) => () => subtle.encrypt({ name: "AES-GCM", iv }, key, utf8("x"))))]`),
      ).toEqual([
        ["name", "additionalData", "iv", "tagLength"],
        "x",
        "RangeError",
        Array.from({ length: 4 }, () => "TypeError"),
      ]);
    });
  });

  describe("formats", () => {
    it("are those of the standard, each for the keys that it is for", async () => {
      expect(
        await script(`
          const hmac = { name: "HMAC", hash: "SHA-256" }; const k = utf8("k");
          const hkdf = await subtle.importKey("raw", k, "HKDF", false, ["deriveBits"]);
          return all([() => subtle.importKey("pem", k, hmac, true, ["sign"]), () => subtle.importKey("spki", k, hmac, true, ["sign"]), () => subtle.importKey("pkcs8", k, "AES-GCM", true, ["encrypt"]), () => subtle.importKey("jwk", { kty: "oct", k: "aw" }, "HKDF", false, ["deriveBits"]), () => subtle.importKey("raw", k, { name: "RSA-PSS", hash: "SHA-256" }, true, ["verify"]),
            () => subtle.exportKey("raw", hkdf), () => subtle.importKey("jwk", k, hmac, true, ["sign"]), () => subtle.importKey("raw", { kty: "oct", k: "aw" }, hmac, true, ["sign"]), () => subtle.importKey("raw", "k", hmac, true, ["sign"]), () => subtle.exportKey("pem", hkdf)])`),
      ).toEqual([
        "TypeError",
        ...Array.from({ length: 5 }, () => "NotSupportedError"),
        ...Array.from({ length: 4 }, () => "TypeError"),
      ]);
    });
  });
};
