import { describe, expect, it } from "vitest";
import type { Script } from "./script.ts";

export const jwks = (script: Script): void => {
  describe("a JSON Web Key", () => {
    it("of secret bytes is refused where it says something else than the call", async () => {
      expect(
        await script(`
          const good = { kty: "oct", k: "AAECAwQFBgcICQoLDA0ODw" }; const take = (more, usages = ["sign"], extractable = true, algorithm = { name: "HMAC", hash: "SHA-256" }) => () => subtle.importKey("jwk", { ...good, ...more }, algorithm, extractable, usages);
          return [await all([take({}), take({ alg: "HS256", use: "sig", key_ops: ["verify", "sign"], ext: true, kid: "any" }), take({ ext: false }, ["sign"], false), take({ alg: "A128GCM", use: "enc" }, ["encrypt"], true, "AES-GCM")]),
            await all([take({ kty: "RSA" }), take({ kty: undefined }), take({ k: undefined }), take({ k: "A+/=" }), take({ k: "AAE=" }), take({ k: "" }), take({ alg: "HS512" }), take({ use: "enc" }), take({ key_ops: ["verify"] }), take({ key_ops: ["sign", "sign"] }), take({ key_ops: [] }), take({ ext: false }),
              take({ alg: "A256GCM" }, ["encrypt"], true, "AES-GCM"), take({ alg: "A128CBC" }, ["encrypt"], true, "AES-GCM"), take({ k: "AAEC" }, ["encrypt"], true, "AES-GCM")])]`),
      ).toEqual([Array.from({ length: 4 }, () => "nothing"), Array.from({ length: 15 }, () => "DataError")]);
    });

    it("of a curve is refused where its parts do not belong together", async () => {
      expect(
        await script(`
          const ec = { name: "ECDSA", namedCurve: "P-256" }; const make = async () => { const { privateKey } = await subtle.generateKey(ec, true, ["sign"]); return subtle.exportKey("jwk", privateKey) }; const one = await make(); const two = await make();
          const take = (more, usages = ["sign"], from = one, algorithm = ec) => () => subtle.importKey("jwk", { ...from, key_ops: undefined, ...more }, algorithm, true, usages); const open = { ...one, d: undefined };
          return [await all([take({}), take({ alg: "ES256", use: "sig" }), take({}, ["verify"], open), take({}, [], open)]),
            await all([take({ crv: "P-384" }), take({ crv: undefined }), take({ x: two.x, y: two.y }), take({ y: one.x }), take({ d: "AQ" }), take({ d: "A".repeat(43) }), take({ x: undefined }), take({ alg: "ES384" }), take({ use: "enc" }), take({ kty: "OKP" }), take({ x: one.x.slice(1) })]),
            await all([take({}, ["verify"]), take({}, ["sign"], open), take({}, [])])]`),
      ).toEqual([
        Array.from({ length: 4 }, () => "nothing"),
        Array.from({ length: 11 }, () => "DataError"),
        Array.from({ length: 3 }, () => "SyntaxError"),
      ]);
    });

    it.each([
      ["Ed25519", "sign"],
      ["X25519", "deriveBits"],
    ])("of %s is refused with another's public part, and takes both of its names", async (name, usage) => {
      expect(
        await script(`
          const make = async () => subtle.exportKey("jwk", (await subtle.generateKey("${name}", true, ["${usage}"])).privateKey); const one = await make(); const two = await make();
          const take = (more) => () => subtle.importKey("jwk", { ...one, ...more }, "${name}", true, ["${usage}"]);
          return [await all([take({}), take({ alg: undefined })]), await all([take({ x: two.x }), take({ crv: "P-256" }), take({ d: one.d.slice(1) }), take({ x: "AAAA" })]),
            "${name}" === "Ed25519" ? await all([take({ alg: "EdDSA" }), take({ alg: "Ed25519" }), take({ alg: "ES256" })]) : ["nothing", "nothing", "DataError"]]`),
      ).toEqual([
        ["nothing", "nothing"],
        ["DataError", "DataError", "DataError", "DataError"],
        ["nothing", "nothing", "DataError"],
      ]);
    });
  });
};
