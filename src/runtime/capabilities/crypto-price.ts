import { FUEL_PER_MS } from "../fuel.ts";
import type { Algorithm, CryptoRequest, KeyGiven } from "./crypto-request.ts";
import { RSA_MOST_BITS, type RsaSize, rsaSize } from "./rsa-size.ts";

/**
 * Fuel for calls of `crypto.subtle`: at least their time in workerd, measured in batches on the machine that
 * `FUEL_PER_MS` was calibrated on, so that nobody gets the host's CPU for less than the engine's.
 * `test/worker/prices-crypto.test.ts` measures them again.
 */
const MICROSECOND = FUEL_PER_MS / 1_000;

/** Reading the call, a few promises, and the run's waking up for it. */
const CALL = 60 * MICROSECOND;
/** A refusal of the platform's: an exception, its stack, and another of ours. Taken of all calls that data can make fail. */
const REFUSAL = 50 * MICROSECOND;
/** SHA-384 is the dearest, at 3 ns, as are long IVs; each byte is copied twice besides. */
const PER_BYTE = 0.004 * MICROSECOND;
/** What processors have instructions for. */
const QUICK: Readonly<Record<string, number>> = {
  "AES-GCM": 0.0015 * MICROSECOND,
  "AES-CTR": 0.0015 * MICROSECOND,
  "SHA-1": 0.0025 * MICROSECOND,
  "SHA-256": 0.0025 * MICROSECOND,
};

interface Curve {
  /** Taking a key for one call: a private one's public half is worked out. */
  readonly private: number;
  readonly public: number;
  /** Signing, checking or agreeing. */
  readonly use: number;
  readonly generate: number;
}

/** In µs. P-256 and the Edwards curves have code of their own; P-521 has none. */
const CURVES: Readonly<Record<string, Curve>> = {
  "P-256": { private: 30, public: 30, use: 90, generate: 80 },
  "P-384": { private: 480, public: 60, use: 600, generate: 650 },
  "P-521": { private: 1_150, public: 220, use: 1_400, generate: 1_300 },
  Ed25519: { private: 40, public: 30, use: 90, generate: 80 },
  X25519: { private: 40, public: 30, use: 90, generate: 80 },
};

const curveOf = ({ name, namedCurve }: Algorithm): Curve | undefined => CURVES[namedCurve ?? name];

/**
 * In µs for 1,024 bits of modulus: private uses grow with the third power, public ones and imports with the second.
 * A JWK may hold no primes, or odd ones, and then signs four times as slowly: 15 ms at 4,096 bits.
 */
const RSA_PRIVATE = 75;
const RSA_PRIVATE_SLOW = 250;
const RSA_PUBLIC = 15;

const rsaPrice = ({ bits, primes }: RsaSize, call: CryptoRequest["call"]): number => {
  // Larger ones are refused once they are imported.
  const kilobits = Math.min(bits, RSA_MOST_BITS) / 1_024;
  const importing = RSA_PUBLIC * kilobits ** 2;
  if (call !== "sign" && call !== "decrypt") return importing;
  return importing + (primes ? RSA_PRIVATE : RSA_PRIVATE_SLOW) * kilobits ** 3;
};

/** What taking the key costs, and using it. An import may be of either kind, and checks that the halves fit. */
const keyPrice = (key: KeyGiven | undefined, call: CryptoRequest["call"]): number => {
  if (key === undefined) return 0;
  if (key.algorithm.name.startsWith("RSA")) return rsaPrice(rsaSize(key), call);
  const curve = curveOf(key.algorithm);
  if (curve === undefined) return 0;
  if (call === "import" || call === "export") return curve.private + curve.public;
  return (call === "verify" ? curve.public : curve.private) + curve.use;
};

/** Fuel for taking a private key and signing once: an RSA key with its two primes, or a curve's by its name above. */
export const signaturePrice = (key: { readonly bits: number } | { readonly curve: string }): number => {
  if ("bits" in key) return rsaPrice({ bits: key.bits, primes: true }, "sign") * MICROSECOND;
  const curve = CURVES[key.curve];
  return curve === undefined ? 0 : (curve.private + curve.use) * MICROSECOND;
};

const peerPrice = (peer: KeyGiven | undefined): number =>
  peer === undefined ? 0 : (curveOf(peer.algorithm)?.public ?? keyPrice(peer, "import"));

interface Hash {
  readonly bits: number;
  /** One iteration of PBKDF2, two turns of HMAC, in µs. */
  readonly iteration: number;
}

const SHA_512 = { bits: 512, iteration: 0.5 };
const HASHES: Readonly<Record<string, Hash>> = {
  "SHA-1": { bits: 160, iteration: 0.2 },
  "SHA-256": { bits: 256, iteration: 0.2 },
  "SHA-384": { bits: 384, iteration: 0.5 },
};

/** Each block of output takes all the iterations of PBKDF2, and the whole salt (PBKDF2) or info (HKDF) besides. */
const derivePrice = ({ algorithm, length = 0 }: CryptoRequest): number => {
  const { name, hash = "", iterations = 0, salt, info } = algorithm;
  if (name !== "PBKDF2" && name !== "HKDF") return 0;
  const { bits, iteration } = HASHES[hash] ?? SHA_512;
  const again = (name === "PBKDF2" ? salt : info)?.length ?? 0;
  const rounds = name === "PBKDF2" ? iterations : 2;
  return Math.ceil(length / bits) * (rounds * iteration * MICROSECOND + again * PER_BYTE);
};

/** Generated keys cross as JSON, number by number. */
const PER_KEY_BYTE = 0.06;
const generatePrice = ({ algorithm }: CryptoRequest): number =>
  (curveOf(algorithm)?.generate ?? 0) + ((algorithm.length ?? 0) / 8) * PER_KEY_BYTE;

const bytesPrice = ({ call, algorithm, data }: CryptoRequest, bytes: number): number => {
  const { name, iv } = algorithm;
  const quick = QUICK[name];
  if (quick !== undefined) return bytes * quick + (iv?.length ?? 0) * PER_BYTE;
  // RFC 8032 hashes what is signed twice.
  return (bytes + (call === "sign" && name === "Ed25519" ? data.length : 0)) * PER_BYTE;
};

const MAY_FAIL = new Set<CryptoRequest["call"]>(["import", "decrypt", "derive"]);

/** A key is imported for each call, since the host keeps none: that is in its price. `bytes`: the whole call's. */
export const cryptoPrice = (request: CryptoRequest, bytes: number): number => {
  const { call, key, peer } = request;
  const keys = keyPrice(key, call) + peerPrice(peer) + (call === "generate" ? generatePrice(request) : 0);
  return (
    CALL +
    (MAY_FAIL.has(call) ? REFUSAL : 0) +
    bytesPrice(request, bytes) +
    keys * MICROSECOND +
    (call === "derive" ? derivePrice(request) : 0)
  );
};
