import { describe, expect, it } from "vitest";
import rsa from "../../fixtures/rsa-2048.json" with { type: "json" };
import { json, type Script } from "./script.ts";

/** RFC 7515, A.2. */
const JWS = {
  n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
  data: "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
  signature:
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
};
const { kty, n, e, qi } = rsa.privateKey;
const open = { kty, n, e };

export const rsaSuite = (script: Script): void => {
  describe("RSA", () => {
    it("verifies the JWS of RFC 7515, A.2, and nothing near it", async () => {
      expect(
        await script(`
          const key = await subtle.importKey("jwk", { kty: "RSA", n: "${JWS.n}", e: "AQAB", alg: "RS256", use: "sig" }, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, true, ["verify"]);
          const signature = unbase64url("${JWS.signature}"); const verify = (bytes, data = "${JWS.data}") => subtle.verify("RSASSA-PKCS1-v1_5", key, bytes, utf8(data)); const flipped = signature.slice(); flipped[0] ^= 1;
          return [await verify(signature), await verify(flipped), await verify(signature, "x"), await verify(signature.slice(1)), await verify(new Uint8Array([0, ...signature])), await verify(new Uint8Array()), key.algorithm.modulusLength, [...key.algorithm.publicExponent], key.algorithm.hash]`),
      ).toEqual([true, false, false, false, false, false, 2_048, [1, 0, 1], { name: "SHA-256" }]);
    });

    it("reads what another implementation signed and sealed: PKCS #1 v1.5, PSS, OAEP", async () => {
      expect(
        await script(`
          const own = ${json(rsa.privateKey)}; const open = ${json(open)}; const data = utf8("sample"); const oaep = { name: "RSA-OAEP", hash: "SHA-256" };
          const pkcs1 = await subtle.importKey("jwk", open, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" }, true, ["verify"]); const pss = await subtle.importKey("spki", unbase64url("${rsa.spki}"), { name: "RSA-PSS", hash: "SHA-256" }, true, ["verify"]);
          const opens = await subtle.importKey("jwk", own, oaep, false, ["decrypt"]); const seals = await subtle.importKey("jwk", open, oaep, false, ["encrypt"]); const sealed = unbase64url("${rsa.oaep.sealed}"); const label = utf8("${rsa.oaep.label}");
          const salted = (saltLength) => subtle.verify({ name: "RSA-PSS", saltLength }, pss, unbase64url("${rsa.pss.signature}"), data);
          return [await subtle.verify("RSASSA-PKCS1-v1_5", pkcs1, unbase64url("${rsa.pkcs1.signature}"), data), await salted(${rsa.pss.saltLength}), await salted(20), text(await subtle.decrypt({ name: "RSA-OAEP", label }, opens, sealed)),
            text(await subtle.decrypt("RSA-OAEP", opens, await subtle.encrypt("rsa-oaep", seals, data))),
            await all([() => subtle.decrypt("RSA-OAEP", opens, sealed), () => subtle.decrypt({ name: "RSA-OAEP", label }, opens, sealed.slice(1)), () => subtle.encrypt("RSA-OAEP", seals, new Uint8Array(191)), () => subtle.encrypt("RSA-OAEP", seals, new Uint8Array(190))])]`),
      ).toEqual([
        true,
        true,
        false,
        "sample",
        "sample",
        ["OperationError", "OperationError", "OperationError", "nothing"],
      ]);
    });

    it("signs with keys of every format", async () => {
      expect(
        await script(`
          const use = { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }; const out = [];
          const open = await subtle.importKey("jwk", ${json(open)}, use, true, ["verify"]); const first = await subtle.importKey("pkcs8", unbase64url("${rsa.pkcs8}"), use, true, ["sign"]);
          const jwk = await subtle.exportKey("jwk", first); const again = await subtle.importKey("jwk", jwk, use, false, ["sign"]);
          for (const key of [first, again]) out.push(await subtle.verify(use, open, await subtle.sign(use, key, utf8("a")), utf8("a")));
          return [out, base64url(new Uint8Array(await subtle.exportKey("spki", open))) === "${rsa.spki}", jwk.alg, jwk.n === ${json(n)}, jwk.qi === ${json(qi)}, await all([() => subtle.sign("RSA-PSS", first, utf8("a")), () => subtle.sign({ ...use, saltLength: 2000 }, first, utf8("a"))])]`),
      ).toEqual([[true, true], true, "PS256", true, true, ["TypeError", "OperationError"]]);
    });

    it("refuses keys that are weak, too large, or none", async () => {
      const large = { kty: "RSA", n: `q${"A".repeat(1_365)}E`, e: "AQAB" };
      expect(
        await script(`
          const use = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }; const take = (jwk, usage = "verify") => () => subtle.importKey("jwk", jwk, use, true, [usage]);
          return all([take(${json(rsa.weak)}), take(${json(large)}), take({ kty: "RSA", n: ${json(n)}, e: "AQ" }), take({ kty: "RSA", n: ${json(n)}, e: "AQAA" }), take({ kty: "RSA", n: ${json(n)} }), take({ kty: "RSA", n: "", e: "AQAB" }), take({ ...${json(rsa.privateKey)}, oth: [] }, "sign"),
            () => subtle.importKey("pkcs8", unbase64url("${rsa.pkcs8}").slice(0, -1), use, true, ["sign"]), () => subtle.importKey("spki", unbase64url("${rsa.pkcs8}"), use, true, ["verify"]),
            () => subtle.generateKey({ ...use, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, true, ["sign"]), () => subtle.generateKey(use, true, ["sign"])])`),
      ).toEqual([
        "NotSupportedError",
        "NotSupportedError",
        ...Array.from({ length: 4 }, () => "DataError"),
        "NotSupportedError",
        "DataError",
        "DataError",
        "NotSupportedError",
        "TypeError",
      ]);
    });
  });
};
