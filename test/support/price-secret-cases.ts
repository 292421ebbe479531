import { Buffer } from "node:buffer";
import { type Capability, secrets } from "../../src/runtime/index.ts";
import rsa from "../fixtures/rsa-2048.json" with { type: "json" };
import { frameOf, type PriceCase } from "./prices.ts";
import { secretsOf } from "./granted-secrets.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const { subtle } = crypto;

const bytes = (count: number): Bytes => Uint8Array.from({ length: count }, (_, index) => 97 + (index % 26));
const SMALL = bytes(32);
const BIG = bytes(400_000);
/** As long as a secret can be. */
const LONG = "a".repeat(10_240);
const FORM = new Uint8Array(
  Buffer.from(
    Array.from({ length: 500 }, (_, at) => `${(at * 7_919) % 500}%C3%AB+=${"x".repeat(110)}`).join("&"),
  ),
);
/** What a call names by its place. */
const INPUTS = [BIG, FORM];

const NAMES = ["LONG", "BASE64", "RSA", "RSA4", "EC", "ED", "PEM"] as const;
type Name = (typeof NAMES)[number];

const generated = async (algorithm: SubtleCryptoGenerateKeyAlgorithm): Promise<string> => {
  const pair = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("no pair");
  return JSON.stringify(await subtle.exportKey("jwk", pair.privateKey));
};

const caseOf = (name: string, head: object, data: Bytes = SMALL): PriceCase => ({
  name: `secret, ${name}`,
  setup: "const call = given(0)",
  call: "try { await later('secret', call) } catch {}",
  bodies: [frameOf(head, [data])],
});
const of = (call: string, name: Name, more: object = {}) => ({ call, place: NAMES.indexOf(name), ...more });
const hmac = (name: Name, hash: string, key = "text", encoding = "hex") =>
  of("hmac", name, { hash, key, encoding, keyPrefix: "" });
const every = Array.from({ length: 10 }, () => 0);
const message = (settings: object, headers: readonly (readonly [string, string])[], more: object = {}) => ({
  call: "verify",
  places: every,
  settings,
  url: "https://a.example/?b=c",
  headers,
  ...more,
});
const NOW = String(Math.floor(Date.now() / 1_000));

export const SECRET_CASES: readonly PriceCase[] = [
  caseOf("equals", of("equals", "LONG"), new Uint8Array(Buffer.from(LONG))),
  ...["SHA-1", "SHA-256", "SHA-384", "SHA-512"].flatMap((hash) => [
    caseOf(`hmac, ${hash}, 32`, hmac("LONG", hash)),
    caseOf(`hmac, ${hash}, 400000`, hmac("LONG", hash), BIG),
  ]),
  caseOf("hmac, base64", hmac("BASE64", "SHA-512", "base64", "base64url")),
  caseOf("hmac, refused", hmac("LONG", "SHA-256", "hex")),
  caseOf("sign, RS256, 2048", of("sign", "RSA", { algorithm: "RS256" })),
  caseOf("sign, PS256, 2048", of("sign", "RSA", { algorithm: "PS256" })),
  caseOf("sign, RS256, 4096", of("sign", "RSA4", { algorithm: "RS256" })),
  caseOf("sign, ES256", of("sign", "EC", { algorithm: "ES256" })),
  caseOf("sign, EdDSA", of("sign", "ED", { algorithm: "EdDSA" })),
  caseOf("sign, EdDSA, 400000", of("sign", "ED", { algorithm: "EdDSA" }), BIG),
  caseOf("sign, refused", of("sign", "PEM", { algorithm: "RS256" })),
  caseOf("sign, by another kind", of("sign", "EC", { algorithm: "RS256" })),
  caseOf("jwt, ES256", of("jwt", "EC", { algorithm: "ES256", header: {} })),
  caseOf("jwt, HS512, 60000", of("jwt", "LONG", { algorithm: "HS512", header: {} }), bytes(60_000)),
  caseOf(
    "jwt, a long header",
    of("jwt", "LONG", { algorithm: "HS256", header: { a: "\u0001".repeat(20_000) } }),
  ),
  caseOf(
    "verify, github, ten secrets",
    message({ scheme: "github" }, [["x-hub-signature-256", `sha256=${"0".repeat(64)}`]], { input: 0 }),
  ),
  caseOf(
    "verify, stripe, many signatures",
    message({ scheme: "stripe" }, [["stripe-signature", `t=${NOW}${`,v1=${"0".repeat(62)}`.repeat(119)}`]]),
  ),
  caseOf(
    "verify, stripe, as many as may be",
    message({ scheme: "stripe" }, [["stripe-signature", `t=${NOW}${`,v1=${"0".repeat(64)}`.repeat(20)}`]]),
  ),
  caseOf(
    "verify, svix, many signatures",
    message({ scheme: "svix" }, [
      ["svix-id", "m"],
      ["svix-timestamp", NOW],
      ["svix-signature", "v1,AAAA ".repeat(1_000)],
    ]),
  ),
  caseOf(
    "verify, twilio, a form of 500 fields",
    message(
      { scheme: "twilio" },
      [
        ["x-twilio-signature", "AAAA"],
        ["content-type", "application/x-www-form-urlencoded"],
      ],
      { input: 1 },
    ),
  ),
  caseOf(
    "verify, many headers",
    message(
      { scheme: "slack" },
      Array.from({ length: 500 }, (_, at) => [`x-${at}`, "\u0001".repeat(60)] as const),
    ),
  ),
  caseOf("verify, no such scheme", message({ scheme: "x" }, [])),
  caseOf("nested", message({}, [], { more: Array.from({ length: 60_000 }, () => []) })),
  caseOf("nested deeply", { more: JSON.parse("[".repeat(3_000) + "]".repeat(3_000)) }),
  caseOf("no such call", of("nope", "LONG")),
  { name: "secret-basic", call: "host('secret-basic', '0\\nada')" },
  { name: "secret-basic, another user each time", call: "soft(() => host('secret-basic', '0\\n' + i))" },
  { name: "secret-basic, refused", call: "soft(() => host('secret-basic', '0\\na:b'))" },
  {
    name: "secret-basic, refused, 60000",
    setup: "const data = '0\\n' + 'x'.repeat(60000)",
    call: "soft(() => host('secret-basic', data))",
  },
];

/** For each run anew, as it is granted them. */
export const secretGrants = async (): Promise<() => readonly Capability[]> => {
  const modulus = { modulusLength: 4_096, publicExponent: new Uint8Array([1, 0, 1]) };
  const values: Readonly<Record<Name, string>> = {
    LONG,
    BASE64: "A".repeat(10_240),
    RSA: JSON.stringify(rsa.privateKey),
    RSA4: await generated({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", ...modulus }),
    EC: await generated({ name: "ECDSA", namedCurve: "P-256" }),
    ED: await generated({ name: "Ed25519" }),
    PEM: `-----BEGIN PRIVATE KEY-----\n${"A".repeat(10_000)}\n-----END PRIVATE KEY-----`,
  };
  return () => [secrets(secretsOf(values).granted.powers, INPUTS)];
};
