import { describe, expect, it } from "vitest";
import { cryptoPrice } from "../../../src/runtime/capabilities/crypto-price.ts";
import { readCryptoRequest } from "../../../src/runtime/capabilities/crypto-request.ts";
import { rsaSize } from "../../../src/runtime/capabilities/rsa-size.ts";
import { OpError } from "../../../src/runtime/index.ts";
import rsa from "../../fixtures/rsa-2048.json" with { type: "json" };
import { frameOf } from "../../support/prices.ts";

const bytes = (count: number): Uint8Array<ArrayBuffer> => new Uint8Array(count);
const utf8 = (value: unknown): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new TextEncoder().encode(JSON.stringify(value)));
const decoded = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, "base64url"));
const digest = { call: "digest", algorithm: { name: "SHA-256" } };
const refused = (frame: Uint8Array<ArrayBuffer>): unknown => {
  try {
    return readCryptoRequest(frame);
  } catch (error) {
    return error instanceof OpError ? error.name : error;
  }
};

describe("a forged call of crypto.subtle", () => {
  it.each([
    ["nothing", bytes(0)],
    ["a length beyond its end", new Uint8Array([255, 255, 255, 255])],
    ["no JSON", new Uint8Array([1, 0, 0, 0, 0x7b])],
    ["JSON that is a list", frameOf([])],
    ["a long head", frameOf({ ...digest, more: "x".repeat(5_000) })],
    [
      "parts without end",
      frameOf(
        digest,
        Array.from({ length: 17 }, () => bytes(0)),
      ),
    ],
    ["a name of every object's", frameOf({ ...digest, call: "constructor" })],
    ["a number that is none", frameOf({ call: "derive", algorithm: { name: "HKDF" }, length: 1e99 })],
    ["a number below zero", frameOf({ call: "derive", algorithm: { name: "PBKDF2", iterations: -1 } })],
    ["half a number", frameOf({ call: "derive", algorithm: { name: "PBKDF2", iterations: 1.5 } })],
    ["no material", frameOf({ ...digest, key: { format: "raw", algorithm: { name: "HMAC" } } })],
    [
      "a key that would be dear to parse",
      frameOf(
        { ...digest, key: { format: "pkcs8", algorithm: { name: "RSA-PSS" }, material: { part: 0 } } },
        [bytes(9_000)],
      ),
    ],
  ])("is refused: %s", (_, frame) => {
    expect(["TypeError", "NotSupportedError", "DataError"]).toContain(refused(frame));
  });

  it("is refused where its parts are not all that there is, and no more", () => {
    const frame = frameOf({ ...digest, data: { part: 0 } }, [bytes(8)]);
    expect(refused(frame)).toMatchObject({ call: "digest", data: { length: 8 } });
    expect(refused(frame.slice(0, -1))).toBe("TypeError");
    expect(refused(new Uint8Array([...frame, 0]))).toBe("TypeError");
  });

  it("has no bytes of a part that is not there", () => {
    for (const part of [1, -1, "0", "length", "__proto__", null]) {
      expect(refused(frameOf({ ...digest, data: { part } }, [bytes(8)]))).toMatchObject({
        data: { length: 0 },
      });
    }
  });
});

describe("the price of an RSA key", () => {
  const sizeOf = (format: "jwk" | "pkcs8" | "spki" | "raw", material: Uint8Array<ArrayBuffer>) =>
    rsaSize({ format, material, algorithm: { name: "RSA-PSS" } });
  const { kty, n, e, d } = rsa.privateKey;

  it("goes by its modulus, whatever it comes in", () => {
    expect(sizeOf("jwk", utf8(rsa.privateKey))).toEqual({ bits: 2_048, primes: true });
    expect(sizeOf("pkcs8", decoded(rsa.pkcs8))).toEqual({ bits: 2_048, primes: true });
    expect(sizeOf("spki", decoded(rsa.spki))).toEqual({ bits: 2_048, primes: false });
    expect(sizeOf("jwk", utf8(rsa.weak))).toEqual({ bits: 1_024, primes: false });
  });

  it("is that of a slow key without two primes of half its size", () => {
    expect(sizeOf("jwk", utf8({ kty, n, e, d }))).toEqual({ bits: 2_048, primes: false });
    expect(sizeOf("jwk", utf8({ ...rsa.privateKey, p: "Aw", q: n }))).toEqual({ bits: 2_048, primes: false });
  });

  it("is the highest where it cannot be read", () => {
    const most = { bits: 4_096, primes: false };
    const pkcs8 = decoded(rsa.pkcs8);
    expect(sizeOf("jwk", utf8("text"))).toEqual(most);
    expect(sizeOf("jwk", utf8({ kty, n: "?", e }))).toEqual(most);
    expect(sizeOf("jwk", utf8({ kty, n: 7, e }))).toEqual(most);
    expect(sizeOf("pkcs8", pkcs8.slice(0, -1))).toEqual(most);
    expect(sizeOf("pkcs8", pkcs8.slice(1))).toEqual(most);
    expect(sizeOf("spki", pkcs8)).toEqual(most);
    expect(sizeOf("pkcs8", bytes(300))).toEqual(most);
    expect(sizeOf("raw", bytes(256))).toEqual(most);
  });

  it("is higher for private uses, and far higher without primes", () => {
    const priceOf = (call: string, members: object): number => {
      const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
      const key = { format: "jwk", algorithm, material: { part: 0 } };
      return cryptoPrice(readCryptoRequest(frameOf({ call, algorithm, key }, [utf8(members)])), 0);
    };
    const verify = priceOf("verify", { kty, n, e });
    const sign = priceOf("sign", rsa.privateKey);
    expect(sign).toBeGreaterThan(3 * verify);
    expect(priceOf("sign", { kty, n, e, d })).toBeGreaterThan(2 * sign);
  });
});
