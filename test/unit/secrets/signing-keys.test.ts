import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import type { SecretPowers, SigningAlgorithm } from "../../../src/runtime/index.ts";
import rsa from "../../fixtures/rsa-2048.json" with { type: "json" };
import { secretsOf } from "../../support/granted-secrets.ts";

const DATA = utf8("what is signed");
const powersOf = (value: string): SecretPowers => secretsOf({ KEY: value }).granted.powers;
const sign = async (value: string, algorithm: SigningAlgorithm): Promise<Uint8Array | string> => {
  const result = await powersOf(value).sign(0, algorithm, DATA);
  return result.kind === "refused" ? `${result.because}: ${result.message}` : result.bytes;
};

const rsaKey = createPrivateKey({ key: rsa.privateKey, format: "jwk" });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed = generateKeyPairSync("ed25519");
const pem = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1"): string =>
  String(key.export({ format: "pem", type }));
const jwk = (key: KeyObject): string => JSON.stringify(key.export({ format: "jwk" }));

const isSigned = (algorithm: SigningAlgorithm, key: KeyObject, signature: Uint8Array): boolean => {
  const publicKey = createPublicKey(key);
  if (algorithm === "EdDSA") return verify(null, DATA, publicKey, signature);
  if (algorithm === "ES256")
    return verify("sha256", DATA, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  const padding = algorithm === "PS256" ? { padding: 6, saltLength: 32 } : {};
  return verify("sha256", DATA, { key: publicKey, ...padding }, signature);
};

const FORMS: readonly (readonly [string, string, SigningAlgorithm, KeyObject])[] = [
  ["RSA, PKCS #8", pem(rsaKey, "pkcs8"), "RS256", rsaKey],
  ["RSA, PKCS #1", pem(rsaKey, "pkcs1"), "RS256", rsaKey],
  ["RSA, JWK", jwk(rsaKey), "RS256", rsaKey],
  ["RSA-PSS", pem(rsaKey, "pkcs8"), "PS256", rsaKey],
  ["RSA, JWK of other use", JSON.stringify({ ...rsa.privateKey, alg: "RS512", use: "enc" }), "PS256", rsaKey],
  ["EC, PKCS #8", pem(ec.privateKey, "pkcs8"), "ES256", ec.privateKey],
  ["EC, SEC 1", pem(ec.privateKey, "sec1"), "ES256", ec.privateKey],
  [
    "EC, behind its parameters",
    `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem(ec.privateKey, "sec1")}`,
    "ES256",
    ec.privateKey,
  ],
  ["EC, JWK", jwk(ec.privateKey), "ES256", ec.privateKey],
  ["Ed25519, PKCS #8", pem(ed.privateKey, "pkcs8"), "EdDSA", ed.privateKey],
  ["Ed25519, JWK", jwk(ed.privateKey), "EdDSA", ed.privateKey],
  ["line ends as in an environment variable", pem(rsaKey, "pkcs8").replaceAll("\n", "\\n"), "RS256", rsaKey],
  [
    "line ends of Windows, spaces around",
    ` \n${pem(ec.privateKey, "pkcs8").replaceAll("\n", "\r\n")} `,
    "ES256",
    ec.privateKey,
  ],
];

describe("a private key in a secret", () => {
  it.each(FORMS)("signs: %s", async (_form, value, algorithm, key) => {
    const signature = await sign(value, algorithm);
    if (typeof signature === "string") throw new Error(signature);
    expect(isSigned(algorithm, key, signature)).toBe(true);
  });

  it("works whatever zeros its numbers begin with", async () => {
    for (let tries = 0; tries < 60; tries += 1) {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const form = tries % 2 === 0 ? pem(privateKey, "sec1") : jwk(privateKey);
      const signature = await sign(form, "ES256");
      expect(typeof signature !== "string" && isSigned("ES256", privateKey, signature)).toBe(true);
    }
  });

  const other = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const small = pem(generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey, "pkcs1");
  const { kty, n, e, d } = rsa.privateKey;
  it.each([
    ["a password", "hunter2", /holds no PEM or JWK private key/],
    ["JSON of something else", '{"a":1}', /holds no PEM or JWK private key/],
    [
      "a public key",
      String(createPublicKey(rsaKey).export({ format: "pem", type: "spki" })),
      /public key or a certificate/,
    ],
    ["a public JWK", JSON.stringify({ kty, n, e }), /public JWK/],
    ["an RSA JWK without primes", JSON.stringify({ kty, n, e, d }), /without its primes/],
    [
      "an RSA JWK with a prime that is none of its own",
      JSON.stringify({ ...rsa.privateKey, p: n, q: "Aw" }),
      /not made as such keys are/,
    ],
    [
      "an RSA JWK whose exponent is 1",
      JSON.stringify({ ...rsa.privateKey, e: "AQ" }),
      /not made as such keys are/,
    ],
    ["a small RSA key", small, /RSA key of 1024 bits: it must have from 2048 to 4096/],
    ["another curve", pem(other, "pkcs8"), /another curve than P-256/],
    ["another curve in SEC 1", pem(other, "sec1"), /another curve than P-256/],
    ["another curve in JWK", jwk(other), /of a kind that cannot sign here/],
    ["X25519", pem(generateKeyPairSync("x25519").privateKey, "pkcs8"), /of a kind that cannot sign here/],
    [
      "a passphrase",
      String(rsaKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "x" })),
      /under a passphrase/,
    ],
    [
      "a passphrase of old",
      String(rsaKey.export({ format: "pem", type: "pkcs1", cipher: "aes-256-cbc", passphrase: "x" })),
      /under a passphrase/,
    ],
    [
      "OpenSSH's format",
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----",
      /ssh-keygen/,
    ],
    ["half of a key", pem(rsaKey, "pkcs8").slice(0, 500), /cannot be read/],
    [
      "a key of half its bytes",
      pem(rsaKey, "pkcs8").replace(/\n[A-Za-z0-9+/]{64}\n/, "\n"),
      /cannot be read/,
    ],
    ["a key of garbage", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", /cannot be read/],
  ])("is refused with what to do, and nothing of itself: %s", async (_what, value, message) => {
    for (const algorithm of ["RS256", "ES256", "EdDSA"] as const) {
      const told = await sign(value, algorithm);
      expect(told).toMatch(/^value: The secret KEY holds /);
      if (algorithm === "RS256") expect(told).toMatch(message);
      for (const line of value.split(/\\n|\s|"/)) if (line.length > 12) expect(told).not.toContain(line);
    }
  });

  it("says when it is of the wrong kind for what is asked", async () => {
    expect(await sign(jwk(ec.privateKey), "RS256")).toBe(
      "value: The secret KEY holds a key of kind P-256, and RS256 needs one of kind RSA.",
    );
    expect(await sign(pem(rsaKey, "pkcs8"), "EdDSA")).toMatch(
      /of kind RSA, and EdDSA needs one of kind Ed25519/,
    );
  });

  it("tells what it costs, and no more", () => {
    const costOf = (value: string) => powersOf(value).signingKey(0);
    expect(costOf(pem(rsaKey, "pkcs1"))).toEqual({ bits: 2_048 });
    expect(costOf(jwk(ec.privateKey))).toEqual({ curve: "P-256" });
    expect(costOf(pem(ed.privateKey, "pkcs8"))).toEqual({ curve: "Ed25519" });
    expect(costOf("hunter2")).toBeNull();
  });
});
