import { describe, expect, it } from "vitest";
import type { Script } from "./script.ts";

/** NIST CAVP, ECC CDH primitive, P-256, the first; and RFC 7748, section 6.1. */
const ECDH = {
  d: "7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
  x: "ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230",
  y: "28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141",
  peer: "04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
  secret: "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b",
};
const X25519 = {
  d: "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
  x: "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
  peer: "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
  secret: "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
};

export const agreement = (script: Script): void => {
  describe("ECDH and X25519", () => {
    it("agree on the secrets of CAVP and of RFC 7748", async () => {
      expect(
        await script(`
          const b = (text) => base64url(unhex(text));
          const own = await subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: b("${ECDH.x}"), y: b("${ECDH.y}"), d: b("${ECDH.d}") }, { name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
          const peer = await subtle.importKey("raw", unhex("${ECDH.peer}"), { name: "ECDH", namedCurve: "P-256" }, true, []);
          const bob = await subtle.importKey("jwk", { kty: "OKP", crv: "X25519", x: b("${X25519.x}"), d: b("${X25519.d}") }, "X25519", false, ["deriveBits"]);
          const alice = await subtle.importKey("raw", unhex("${X25519.peer}"), { name: "x25519" }, true, []);
          return [hex(await subtle.deriveBits({ name: "ECDH", public: peer }, own)), hex(await subtle.deriveBits({ name: "X25519", public: alice }, bob, 256))]`),
      ).toEqual([ECDH.secret, X25519.secret]);
    });

    it.each([
      [`{ name: "ECDH", namedCurve: "P-256" }`, 256],
      [`{ name: "ECDH", namedCurve: "P-384" }`, 384],
      [`{ name: "ECDH", namedCurve: "P-521" }`, 528],
      [`{ name: "X25519" }`, 256],
    ])("of %s gives up to its own bits, odd ones cut off", async (algorithm, bits) => {
      expect(
        await script(`
          const make = () => subtle.generateKey(${algorithm}, true, ["deriveBits", "deriveKey"]); const [a, b] = [await make(), await make()];
          const derive = async (length) => hex(await subtle.deriveBits({ ...${algorithm}, public: b.publicKey }, a.privateKey, length));
          const whole = await derive(null); const back = hex(await subtle.deriveBits({ ...${algorithm}, public: a.publicKey }, b.privateKey, ${bits}));
          const odd = unhex(await derive(${bits} - 3)); const key = await subtle.deriveKey({ ...${algorithm}, public: b.publicKey }, a.privateKey, { name: "AES-GCM", length: 256 }, true, ["encrypt"]);
          return [whole.length * 4, whole === back, await derive(0), whole.startsWith(await derive(16)), odd.length * 8, (unhex(whole)[odd.length - 1] & 0xf8) === odd[odd.length - 1],
            whole.startsWith(hex(await subtle.exportKey("raw", key))), await rejected(() => derive(${bits} + 8))]`),
      ).toEqual([bits, true, "", true, bits, true, true, "OperationError"]);
    });

    it("refuse the wrong peer: private, of another curve or algorithm, or one that gives nothing away", async () => {
      expect(
        await script(`
          const make = (namedCurve) => subtle.generateKey({ name: "ECDH", namedCurve }, true, ["deriveBits"]); const [a, b] = [await make("P-256"), await make("P-384")];
          const x = await subtle.generateKey("X25519", true, ["deriveBits"]); const signing = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
          const use = (peer) => () => subtle.deriveBits({ name: "ECDH", public: peer }, a.privateKey, null);
          const zero = await subtle.importKey("raw", new Uint8Array(32), "X25519", true, []); const one = await subtle.importKey("raw", new Uint8Array(32).fill(1, 0, 1), "X25519", true, []);
          return all([use(a.privateKey), use(b.publicKey), use(x.publicKey), use(signing.publicKey), use({}), use(undefined),
            () => subtle.deriveBits({ name: "X25519", public: zero }, x.privateKey, 256), () => subtle.deriveBits({ name: "X25519", public: one }, x.privateKey, 256),
            () => subtle.deriveBits({ name: "ECDH", public: a.publicKey }, a.publicKey, 256)])`),
      ).toEqual([
        ...Array.from({ length: 4 }, () => "InvalidAccessError"),
        "TypeError",
        "TypeError",
        "OperationError",
        "OperationError",
        "InvalidAccessError",
      ]);
    });
  });
};
