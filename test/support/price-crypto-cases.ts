import rsa from "../fixtures/rsa-2048.json" with { type: "json" };
import { frameOf, type PriceCase } from "./prices.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const { subtle } = crypto;

const bytes = (count: number): Bytes => Uint8Array.from({ length: count }, (_, index) => index * 7);
const utf8 = (value: unknown): Bytes => new Uint8Array(new TextEncoder().encode(JSON.stringify(value)));
const SMALL = bytes(32);
const BIG = 400_000;

/** A call's parts by name; the head names them by place. */
interface Call {
  readonly call: string;
  readonly algorithm: Readonly<Record<string, unknown>>;
  readonly key?: { readonly format: string; readonly algorithm: object; readonly material: Bytes };
  readonly peer?: { readonly format: string; readonly algorithm: object; readonly material: Bytes };
  readonly data?: Bytes;
  readonly signature?: Bytes;
  readonly format?: string;
  readonly length?: number;
}

const caseOf = (name: string, call: Call): PriceCase => {
  const parts: Bytes[] = [];
  const placed = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return { part: parts.push(new Uint8Array(value)) - 1 };
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, placed(inner)]));
  };
  const head = Object(placed(call));
  return {
    name,
    setup: "const call = given(0)",
    call: "try { await later('subtle', call) } catch {}",
    bodies: [frameOf(head, parts)],
  };
};

const secret = (name: string, material: Bytes = SMALL, more: object = {}): NonNullable<Call["key"]> => ({
  format: "raw",
  algorithm: { name, ...more },
  material,
});

const HASHES = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];
const gcm = { name: "AES-GCM", iv: bytes(12) };

const SYMMETRIC: readonly PriceCase[] = [
  ...HASHES.flatMap((name) =>
    [32, BIG].map((size) =>
      caseOf(`digest, ${name}, ${size}`, { call: "digest", algorithm: { name }, data: bytes(size) }),
    ),
  ),
  ...["sign", "verify"].flatMap((call) =>
    [32, BIG].map((size) =>
      caseOf(`${call}, HMAC, ${size}`, {
        call,
        algorithm: { name: "HMAC" },
        key: secret("HMAC", SMALL, { hash: "SHA-384" }),
        data: bytes(size),
        signature: SMALL,
      }),
    ),
  ),
  caseOf("sign, HMAC, a key of 1 MB", {
    call: "sign",
    algorithm: { name: "HMAC" },
    key: secret("HMAC", bytes(1_000_000), { hash: "SHA-1" }),
    data: SMALL,
  }),
  caseOf("import, HMAC", {
    call: "import",
    algorithm: { name: "HMAC" },
    key: {
      format: "jwk",
      algorithm: { name: "HMAC", hash: "SHA-256" },
      material: utf8({ kty: "oct", k: "A".repeat(8_000) }),
    },
  }),
  caseOf("export, HMAC", {
    call: "export",
    format: "jwk",
    algorithm: { name: "HMAC" },
    key: secret("HMAC", SMALL, { hash: "SHA-256" }),
  }),
  caseOf("generate, HMAC", {
    call: "generate",
    algorithm: { name: "HMAC", hash: "SHA-256", length: 65_536 },
  }),
  caseOf("generate, AES", { call: "generate", algorithm: { name: "AES-GCM", length: 256 } }),
  ...[32, BIG].flatMap((size) => [
    caseOf(`encrypt, AES-GCM, ${size}`, {
      call: "encrypt",
      algorithm: gcm,
      key: secret("AES-GCM"),
      data: bytes(size),
    }),
    caseOf(`decrypt, AES-GCM, refused, ${size}`, {
      call: "decrypt",
      algorithm: gcm,
      key: secret("AES-GCM"),
      data: bytes(size),
    }),
    caseOf(`encrypt, AES-CBC, ${size}`, {
      call: "encrypt",
      algorithm: { name: "AES-CBC", iv: bytes(16) },
      key: secret("AES-CBC"),
      data: bytes(size),
    }),
    caseOf(`encrypt, AES-CTR, ${size}`, {
      call: "encrypt",
      algorithm: { name: "AES-CTR", counter: bytes(16), length: 128 },
      key: secret("AES-CTR"),
      data: bytes(size),
    }),
  ]),
  caseOf("encrypt, AES-GCM, an IV of 1 MB", {
    call: "encrypt",
    algorithm: { ...gcm, iv: bytes(1_000_000) },
    key: secret("AES-GCM"),
    data: SMALL,
  }),
  caseOf("no such call", { call: "nope", algorithm: gcm }),
  caseOf("sign, a key that is none", {
    call: "sign",
    algorithm: { name: "ECDSA", hash: "SHA-256" },
    key: { format: "pkcs8", algorithm: { name: "ECDSA", namedCurve: "P-256" }, material: SMALL },
    data: SMALL,
  }),
];

const derive = (
  name: string,
  algorithm: Call["algorithm"],
  length: number,
  material: Bytes = SMALL,
): PriceCase =>
  caseOf(`derive, ${name}`, {
    call: "derive",
    algorithm,
    length,
    key: secret(String(algorithm["name"]), material),
  });

const DERIVED: readonly PriceCase[] = HASHES.flatMap((hash) => {
  const hkdf = { name: "HKDF", hash, salt: SMALL, info: SMALL };
  const pbkdf2 = { name: "PBKDF2", hash, salt: SMALL, iterations: 1 };
  // As many blocks as there can be of the shortest hash.
  const most = 255 * 160;
  return [
    derive(`HKDF, ${hash}`, hkdf, 256),
    derive(`HKDF, ${hash}, an info of 50 kB for each block`, { ...hkdf, info: bytes(50_000) }, most),
    derive(`HKDF, ${hash}, a salt of 1 MB`, { ...hkdf, salt: bytes(1_000_000) }, 256),
    derive(`PBKDF2, ${hash}, 1 round`, pbkdf2, 256),
    derive(`PBKDF2, ${hash}, 5,000 rounds`, { ...pbkdf2, iterations: 5_000 }, 512),
    derive(`PBKDF2, ${hash}, a salt of 50 kB for each block`, { ...pbkdf2, salt: bytes(50_000) }, most),
    derive(`PBKDF2, ${hash}, a password of 1 MB`, { ...pbkdf2, iterations: 100 }, 2_048, bytes(1_000_000)),
  ];
});

interface Pair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}
const pairOf = async (algorithm: SubtleCryptoGenerateKeyAlgorithm, usages: string[]): Promise<Pair> => {
  const pair = await subtle.generateKey(algorithm, true, usages);
  if (!("privateKey" in pair)) throw new Error("no pair");
  return pair;
};
const bufferOf = async (format: string, key: CryptoKey): Promise<Bytes> => {
  const exported = await subtle.exportKey(format, key);
  return exported instanceof ArrayBuffer ? new Uint8Array(exported) : utf8(exported);
};

/** SEC 1, 2.3.3: the sign of y stands for it, and its root has to be found again. */
const compressed = (point: Bytes): Bytes => {
  const half = point.slice(0, (point.length + 1) / 2);
  half[0] = 2 + ((point.at(-1) ?? 0) & 1);
  return half;
};

const curveCases = async (name: string, namedCurve?: string): Promise<readonly PriceCase[]> => {
  const algorithm = namedCurve === undefined ? { name } : { name, namedCurve };
  const called = namedCurve ?? name;
  const { publicKey, privateKey } = await pairOf(algorithm, ["sign", "verify"]);
  const use = { name, hash: "SHA-256" };
  const signature = new Uint8Array(await subtle.sign(use, privateKey, SMALL));
  const own = { format: "jwk", algorithm, material: await bufferOf("jwk", privateKey) };
  const raw = await bufferOf("raw", publicKey);
  const open = { format: "raw", algorithm, material: namedCurve === undefined ? raw : compressed(raw) };
  return [
    caseOf(`import, ${called}, private`, { call: "import", algorithm: { name }, key: own }),
    caseOf(`export, ${called}, private`, { call: "export", format: "pkcs8", algorithm: { name }, key: own }),
    caseOf(`import, ${called}, public`, { call: "import", algorithm: { name }, key: open }),
    caseOf(`sign, ${called}`, { call: "sign", algorithm: use, key: own, data: SMALL }),
    caseOf(`sign, ${called}, ${BIG}`, { call: "sign", algorithm: use, key: own, data: bytes(BIG) }),
    caseOf(`verify, ${called}`, { call: "verify", algorithm: use, key: open, data: SMALL, signature }),
    caseOf(`generate, ${called}`, { call: "generate", algorithm }),
  ];
};

const agreementCases = async (name: string, namedCurve?: string): Promise<readonly PriceCase[]> => {
  const algorithm = namedCurve === undefined ? { name } : { name, namedCurve };
  const { publicKey, privateKey } = await pairOf(algorithm, ["deriveBits"]);
  const raw = await bufferOf("raw", publicKey);
  const peer = { format: "raw", algorithm, material: namedCurve === undefined ? raw : compressed(raw) };
  const own = { format: "jwk", algorithm, material: await bufferOf("jwk", privateKey) };
  return [
    caseOf(`derive, ${name}, ${namedCurve ?? name}`, { call: "derive", algorithm: { name }, key: own, peer }),
  ];
};

const rsaCases = (bits: number, jwk: JsonWebKey, signature: Bytes): readonly PriceCase[] => {
  const { kty, n = "", e = "", d = "", p = "", q = "", dp = "", dq = "", qi = "" } = jwk;
  const key = (name: string, members: object) => ({
    format: "jwk",
    algorithm: { name, hash: "SHA-256" },
    material: utf8(members),
  });
  const pkcs1 = { name: "RSASSA-PKCS1-v1_5" };
  const whole = { kty, n, e, d, p, q, dp, dq, qi };
  return [
    caseOf(`import, RSA ${bits}, private`, { call: "import", algorithm: pkcs1, key: key(pkcs1.name, whole) }),
    caseOf(`sign, RSA ${bits}`, { call: "sign", algorithm: pkcs1, key: key(pkcs1.name, whole), data: SMALL }),
    caseOf(`sign, RSA ${bits}, without primes`, {
      call: "sign",
      algorithm: pkcs1,
      key: key(pkcs1.name, { kty, n, e, d }),
      data: SMALL,
    }),
    caseOf(`verify, RSA ${bits}`, {
      call: "verify",
      algorithm: pkcs1,
      key: key(pkcs1.name, { kty, n, e }),
      data: SMALL,
      signature,
    }),
    caseOf(`encrypt, RSA ${bits}`, {
      call: "encrypt",
      algorithm: { name: "RSA-OAEP" },
      key: key("RSA-OAEP", { kty, n, e }),
      data: SMALL,
    }),
    caseOf(`decrypt, RSA ${bits}, refused`, {
      call: "decrypt",
      algorithm: { name: "RSA-OAEP" },
      key: key("RSA-OAEP", whole),
      data: bytes(bits / 8),
    }),
  ];
};

const largeRsa = async (): Promise<readonly PriceCase[]> => {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 4_096,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const { privateKey } = await pairOf(algorithm, ["sign", "verify"]);
  const exported = await subtle.exportKey("jwk", privateKey);
  if (exported instanceof ArrayBuffer) throw new Error("no key");
  return rsaCases(4_096, exported, new Uint8Array(await subtle.sign(algorithm.name, privateKey, SMALL)));
};

const sealCases = async (): Promise<readonly PriceCase[]> => {
  const { publicKey } = await pairOf({ name: "ECDH", namedCurve: "P-256" }, ["deriveBits"]);
  const recipient = Buffer.from(await bufferOf("raw", publicKey)).toString("base64url");
  const seal = (name: string, text: string): PriceCase => ({
    name,
    setup: `const data = JSON.stringify({ recipient: "${recipient}", text: ${text} })`,
    call: "soft(() => host('seal', data))",
  });
  return [
    seal("seal, 10", "'x'.repeat(10)"),
    seal("seal, 60000", "'x'.repeat(60000)"),
    seal("seal, wide", "'\\u4e00'.repeat(20000)"),
    seal("seal, refused", "1"),
  ];
};

/** Every kind of call of `crypto.subtle`, and `seal`, with keys of their own. */
export const cryptoCases = async (): Promise<readonly PriceCase[]> => [
  ...SYMMETRIC,
  ...DERIVED,
  ...(await curveCases("ECDSA", "P-256")),
  ...(await curveCases("ECDSA", "P-384")),
  ...(await curveCases("ECDSA", "P-521")),
  ...(await curveCases("Ed25519")),
  ...(await agreementCases("ECDH", "P-256")),
  ...(await agreementCases("ECDH", "P-384")),
  ...(await agreementCases("ECDH", "P-521")),
  ...(await agreementCases("X25519")),
  ...rsaCases(2_048, rsa.privateKey, bytes(256)),
  ...(await largeRsa()),
  ...(await sealCases()),
];
