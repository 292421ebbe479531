import { describe, expect, it } from "vitest";
import type { Script } from "./script.ts";

export const cipherKeys = (script: Script): void => {
  describe("AES keys", () => {
    it("have 128, 192 or 256 bits", async () => {
      expect(
        await script(`
          const sizes = []; for (const length of [128, 192, 256]) sizes.push((await subtle.exportKey("raw", await subtle.generateKey({ name: "AES-GCM", length }, true, ["encrypt"]))).byteLength * 8);
          return [sizes, await all([() => subtle.generateKey({ name: "AES-GCM", length: 160 }, true, ["encrypt"]), () => subtle.generateKey({ name: "AES-CBC", length: 65536 }, true, ["encrypt"]),
            () => subtle.generateKey("AES-CTR", true, ["encrypt"]), () => secret("AES-GCM", new Uint8Array(17), "encrypt")])]`),
      ).toEqual([
        [128, 192, 256],
        ["OperationError", "TypeError", "TypeError", "DataError"],
      ]);
    });

    it("wrap other keys, and unwrap them as what they were", async () => {
      expect(
        await script(`
          const out = [];
          for (const use of [{ name: "AES-GCM", iv: new Uint8Array(12) }, { name: "AES-CBC", iv: new Uint8Array(16) }, { name: "AES-CTR", counter: new Uint8Array(16), length: 64 }]) {
            const wrapping = await subtle.generateKey({ name: use.name, length: 256 }, false, ["wrapKey", "unwrapKey"]);
            const inner = await secret({ name: "HMAC", hash: "SHA-256" }, utf8("inner key"), "sign");
            for (const format of ["raw", "jwk"]) {
              const wrapped = await subtle.wrapKey(format, inner, wrapping, use);
              const again = await subtle.unwrapKey(format, wrapped, wrapping, use, { name: "HMAC", hash: "SHA-256" }, true, ["sign"]);
              out.push(text(await subtle.exportKey("raw", again)), hex(await subtle.sign("HMAC", again, utf8(""))) === hex(await subtle.sign("HMAC", inner, utf8(""))));
            }
            const fixed = await subtle.importKey("raw", utf8("k"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
            out.push(await all([() => subtle.wrapKey("raw", fixed, wrapping, use), () => subtle.encrypt(use, wrapping, utf8("x")), async () => subtle.unwrapKey("jwk", await subtle.wrapKey("raw", inner, wrapping, use), wrapping, use, { name: "HMAC", hash: "SHA-256" }, true, ["sign"])]));
          }
          return out`),
      ).toEqual(
        [1, 2, 3].flatMap(() => [
          "inner key",
          true,
          "inner key",
          true,
          ["InvalidAccessError", "InvalidAccessError", "DataError"],
        ]),
      );
    });
  });
};
