import { describe, expect, it } from "vitest";
import engine from "../../../build/engine.wasm";
import { FUEL_PER_MS, createRuntime } from "../../../src/runtime/index.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const faults: unknown[] = [];
const run = scriptRunner(
  createRuntime({ module: engine, now: Date.now, onFault: (error) => faults.push(error) }),
);
const js = scriptEvaluator(run);
const HELP = `
const { subtle } = crypto; const utf8 = (text) => new TextEncoder().encode(text);
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => new Uint8Array(text.match(/../g).map((pair) => parseInt(pair, 16)));
const rejected = async (f) => { try { await f(); return "nothing" } catch (e) { return e.name } };`;
const script = (body: string) => js(`${HELP} ${body}`, { limits: { cpuMs: 5_000 } });

describe("crypto.subtle in a script", () => {
  it("digests", async () => {
    expect(
      await script(`return [hex(await subtle.digest("sha-256", utf8("abc"))), hex(await subtle.digest({ name: "SHA-1" }, utf8("abc").buffer)),
        (await subtle.digest("SHA-384", new Uint8Array())).byteLength, (await subtle.digest("SHA-512", new DataView(new ArrayBuffer(3), 1))).byteLength,
        await rejected(() => subtle.digest("MD5", utf8("a"))), await rejected(() => subtle.digest("SHA-256", "abc"))]`),
    ).toEqual([
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "a9993e364706816aba3e25717850c26c9cd0d89d",
      48,
      64,
      "NotSupportedError",
      "TypeError",
    ]);
  });

  it("signs and verifies by HMAC, after RFC 4231", async () => {
    expect(
      await script(`
        const key = await subtle.importKey("raw", unhex("0b".repeat(20)), { name: "hmac", hash: "SHA-256" }, true, ["sign", "verify"]);
        const signature = await subtle.sign("HMAC", key, utf8("Hi There"));
        const jwk = await subtle.exportKey("jwk", key);
        const again = await subtle.importKey("jwk", jwk, { name: "HMAC", hash: { name: "SHA-256" } }, false, ["verify"]);
        return [hex(signature), await subtle.verify("HMAC", key, signature, utf8("Hi There")), await subtle.verify("HMAC", again, signature, utf8("Hi there")),
          key.type, key.algorithm, key.usages, key.extractable, again.extractable, hex(await subtle.exportKey("raw", key)).length, [jwk.kty, jwk.alg]]`),
    ).toEqual([
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
      true,
      false,
      "secret",
      { name: "HMAC", hash: { name: "SHA-256" }, length: 160 },
      ["sign", "verify"],
      true,
      false,
      40,
      ["oct", "HS256"],
    ]);
  });

  it("keeps to a key's uses, algorithm and secrecy", async () => {
    expect(
      await script(`
        const key = await subtle.importKey("raw", utf8("k"), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
        return [await rejected(() => subtle.sign("HMAC", key, utf8(""))), await rejected(() => subtle.exportKey("raw", key)),
          await rejected(() => subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, utf8(""))), await rejected(() => subtle.sign("HMAC", {}, utf8(""))),
          await rejected(() => subtle.importKey("raw", utf8("k"), { name: "HMAC", hash: "SHA-256" }, false, ["encrypt"])),
          await rejected(() => subtle.importKey("raw", utf8("k"), { name: "HMAC" }, false, ["sign"])), await rejected(() => subtle.importKey("pem", utf8("k"), "HKDF", false, [])),
          await rejected(() => subtle.importKey("pkcs8", utf8("k"), { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"])), await rejected(() => new CryptoKey())]`),
    ).toEqual([
      "InvalidAccessError",
      "InvalidAccessError",
      "InvalidAccessError",
      "TypeError",
      "SyntaxError",
      "TypeError",
      "TypeError",
      "DataError",
      "TypeError",
    ]);
  });

  it.each([
    [`{ name: "ECDSA", namedCurve: "P-256" }`, `{ name: "ECDSA", hash: "SHA-256" }`],
    [`{ name: "ECDSA", namedCurve: "P-384" }`, `{ name: "ECDSA", hash: "SHA-384" }`],
    [`"Ed25519"`, `"Ed25519"`],
  ])("generates, moves and uses pairs for %s", async (algorithm, use) => {
    expect(
      await script(`
        const { privateKey, publicKey } = await subtle.generateKey(${algorithm}, true, ["sign", "verify"]);
        const moved = await subtle.importKey("pkcs8", await subtle.exportKey("pkcs8", privateKey), ${algorithm}, false, ["sign"]);
        const other = await subtle.importKey("jwk", await subtle.exportKey("jwk", publicKey), ${algorithm}, true, ["verify"]);
        const signature = await subtle.sign(${use}, moved, utf8("data"));
        return [await subtle.verify(${use}, other, signature, utf8("data")), await subtle.verify(${use}, other, signature, utf8("Data")), privateKey.type, publicKey.type,
          privateKey.usages, publicKey.usages, publicKey.extractable, await rejected(() => subtle.sign(${use}, publicKey, utf8("")))]`),
    ).toEqual([true, false, "private", "public", ["sign"], ["verify"], true, "InvalidAccessError"]);
  });

  it("encrypts and decrypts by AES, and refuses what was changed", async () => {
    expect(
      await script(`
        const out = [];
        for (const [name, parameters] of [["AES-GCM", { iv: new Uint8Array(12), additionalData: utf8("more"), tagLength: 128 }], ["AES-CBC", { iv: new Uint8Array(16) }], ["AES-CTR", { counter: new Uint8Array(16), length: 64 }]]) {
          const key = await subtle.generateKey({ name, length: 256 }, true, ["encrypt", "decrypt"]);
          const again = await subtle.importKey("raw", await subtle.exportKey("raw", key), name, false, ["decrypt"]);
          const sealed = await subtle.encrypt({ name, ...parameters }, key, utf8("geheim"));
          out.push(sealed.byteLength, new TextDecoder().decode(await subtle.decrypt({ name, ...parameters }, again, sealed)));
          if (name === "AES-GCM") { const bad = new Uint8Array(sealed); bad[0] ^= 1; out.push(await rejected(() => subtle.decrypt({ name, ...parameters }, again, bad))); }
        }
        return out`),
    ).toEqual([22, "geheim", "OperationError", 16, "geheim", 6, "geheim"]);
  });

  it("derives by HKDF, PBKDF2 and ECDH", async () => {
    expect(
      await script(`
        const hkdf = await subtle.importKey("raw", unhex("0b".repeat(22)), "HKDF", false, ["deriveBits"]);
        const okm = await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: unhex("000102030405060708090a0b0c"), info: unhex("f0f1f2f3f4f5f6f7f8f9") }, hkdf, 336);
        const password = await subtle.importKey("raw", utf8("password"), "PBKDF2", false, ["deriveBits", "deriveKey"]);
        const dk = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: utf8("salt"), iterations: 4096 }, password, 160);
        const aes = await subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: utf8("salt"), iterations: 10 }, password, { name: "AES-GCM", length: 256 }, true, ["encrypt"]);
        const one = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]); const two = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
        const a = await subtle.deriveBits({ name: "ECDH", public: two.publicKey }, one.privateKey, 256); const b = await subtle.deriveBits({ name: "ECDH", public: one.publicKey }, two.privateKey);
        return [hex(okm), hex(dk), aes.algorithm, hex(a) === hex(b), a.byteLength, await rejected(() => subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: utf8(""), iterations: 100001 }, password, 8)),
          await rejected(() => subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: utf8(""), info: utf8("") }, hkdf, 7))]`),
    ).toEqual([
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
      "4b007901b765489abead49d926f721d065a429c1",
      { name: "AES-GCM", length: 256 },
      true,
      32,
      "NotSupportedError",
      "OperationError",
    ]);
  });

  it("uses RSA keys of up to 4,096 bits, and makes none", async () => {
    const pair = await crypto.subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: 2_048,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: "SHA-256",
      },
      true,
      ["sign", "verify"],
    );
    if (!("privateKey" in pair)) throw new Error("no pair");
    const [jwk, open] = [
      await crypto.subtle.exportKey("jwk", pair.privateKey),
      await crypto.subtle.exportKey("jwk", pair.publicKey),
    ];
    const large = { kty: "RSA", n: `q${"A".repeat(1_365)}E`, e: "AQAB" };
    expect(
      await script(`
        const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
        const key = await subtle.importKey("jwk", ${JSON.stringify(jwk)}, algorithm, false, ["sign"]);
        const open = await subtle.importKey("jwk", ${JSON.stringify(open)}, algorithm, true, ["verify"]);
        const signature = await subtle.sign(algorithm, key, utf8("a"));
        return [await subtle.verify(algorithm, open, signature, utf8("a")), await subtle.verify(algorithm, open, signature, utf8("b")), open.algorithm.modulusLength, [...open.algorithm.publicExponent],
          (await subtle.exportKey("spki", open)).byteLength, await rejected(() => subtle.importKey("jwk", ${JSON.stringify(large)}, algorithm, true, ["verify"])),
          await rejected(() => subtle.generateKey({ ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, true, ["sign"]))]`),
    ).toEqual([true, false, 2_048, [1, 0, 1], 294, "NotSupportedError", "NotSupportedError"]);
  });

  it("knows X25519, RSA-PSS and RSA-OAEP", async () => {
    const pair = async (name: string, uses: string[]): Promise<readonly string[]> => {
      const keys = await crypto.subtle.generateKey(
        { name, modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
        true,
        uses,
      );
      if (!("privateKey" in keys)) throw new Error("no pair");
      const jwks = [keys.privateKey, keys.publicKey].map((key) => crypto.subtle.exportKey("jwk", key));
      return (await Promise.all(jwks)).map((jwk) => JSON.stringify(jwk));
    };
    const [signs, verifies] = await pair("RSA-PSS", ["sign", "verify"]);
    const [opens, closes] = await pair("RSA-OAEP", ["encrypt", "decrypt"]);
    expect(
      await script(`
        const pss = { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }; const oaep = { name: "RSA-OAEP", hash: "SHA-256" };
        const signature = await subtle.sign(pss, await subtle.importKey("jwk", ${signs}, pss, false, ["sign"]), utf8("a"));
        const sealed = await subtle.encrypt({ ...oaep, label: utf8("l") }, await subtle.importKey("jwk", ${closes}, oaep, false, ["encrypt"]), utf8("geheim"));
        const opened = await subtle.decrypt({ ...oaep, label: utf8("l") }, await subtle.importKey("jwk", ${opens}, oaep, false, ["decrypt"]), sealed);
        const one = await subtle.generateKey("X25519", true, ["deriveBits"]); const two = await subtle.generateKey("X25519", true, ["deriveBits"]);
        const shared = await Promise.all([[one, two], [two, one]].map(([a, b]) => subtle.deriveBits({ name: "X25519", public: b.publicKey }, a.privateKey, 256)));
        return [await subtle.verify(pss, await subtle.importKey("jwk", ${verifies}, pss, false, ["verify"]), signature, utf8("a")), new TextDecoder().decode(opened), hex(shared[0]) === hex(shared[1])]`),
    ).toEqual([true, "geheim", true]);
  });

  it("refuses keys that the platform itself stumbles over, without a fault of the host", async () => {
    const odd = { kty: "RSA", n: "AQAB", e: "AQAB", d: "AQ", p: "Aw", q: "Aw", dp: "AQ", dq: "AQ", qi: "AQ" };
    expect(
      await script(`
        const use = async (jwk) => { const key = await subtle.importKey("jwk", jwk, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["sign"]); await subtle.sign("RSASSA-PKCS1-v1_5", key, utf8("a")) };
        return (await rejected(() => use(${JSON.stringify(odd)}))) !== "nothing"`),
    ).toBe(true);
  });

  it("costs fuel by bytes and by iterations", async () => {
    const fuel = async (body: string): Promise<number> => {
      const code = `export default async () => { const { subtle } = crypto; ${body}; return null }`;
      return (await run("module", code, { limits: { cpuMs: 10_000 } }).end).fuel;
    };
    const digest = (bytes: number) => fuel(`await subtle.digest("SHA-256", new Uint8Array(${bytes}))`);
    expect((await digest(1_000_000)) - (await digest(0))).toBeGreaterThanOrEqual(2.5 * FUEL_PER_MS);
    const pbkdf2 = (iterations: number) =>
      fuel(`const k = await subtle.importKey("raw", new Uint8Array(1), "PBKDF2", false, ["deriveBits"]);
        await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(1), iterations: ${iterations} }, k, 512)`);
    // Two blocks of output, 0.2 µs an iteration; the numbers have the same length in the source.
    expect((await pbkdf2(50_000)) - (await pbkdf2(40_000))).toBe(2 * 2 * FUEL_PER_MS);
  });

  it("ends the run before the work when the fuel does not suffice", async () => {
    const { outcome } = await run(
      "module",
      `export default async () => { const k = await crypto.subtle.importKey("raw", new Uint8Array(1), "PBKDF2", false, ["deriveBits"]);
        await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(1), iterations: 100000 }, k, 65536) }`,
    ).answer;
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "cpu" });
    expect(outcome.fuel).toBe(250 * FUEL_PER_MS);
  });

  it("had no fault of the host", () => {
    expect(faults).toEqual([]);
  });
});
