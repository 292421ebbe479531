import type { Algorithm, CryptoRequest, KeyGiven } from "./crypto-request.ts";

/**
 * Fuel for calls of `crypto.subtle`: at least their time in workerd at `FUEL_PER_MS`, so that nobody gets the host's
 * CPU for less than the engine's. `perf/` holds the measurement.
 */
const CALL = 10_000;
const PER_BYTE = 2;
/** SHA-1 to SHA-512, one iteration of PBKDF2: two turns of HMAC. */
const PER_ITERATION = 400;

/** One multiplication on the curve, as signing, checking and deriving need. P-521 has no fast code. */
const CURVES: Readonly<Record<string, number>> = { "P-256": 60_000, "P-384": 500_000, "P-521": 1_200_000 };
const EDWARDS = 60_000;

/** For 1,024 bits of modulus; it grows with the third power. */
const RSA_KILOBIT = 40_000;
const RSA_MAX_BITS = 4_096;

const isRsa = (algorithm: Algorithm): boolean => algorithm.name.startsWith("RSA");

/** The modulus that so much key material can hold at most: a private key has at least four and a half times its bytes. */
const modulusBits = ({ format, material }: KeyGiven): number => {
  const bits = format === "pkcs8" ? (material.length * 8) / 4 : material.length * 8;
  return Math.min(RSA_MAX_BITS, bits);
};

const keyPrice = (key: KeyGiven | undefined): number => {
  if (key === undefined) return 0;
  if (isRsa(key.algorithm)) return RSA_KILOBIT * (modulusBits(key) / 1_024) ** 3;
  const curve = key.algorithm.namedCurve;
  if (curve !== undefined) return CURVES[curve] ?? 0;
  return key.algorithm.name.endsWith("25519") ? EDWARDS : 0;
};

const HASH_BITS: Readonly<Record<string, number>> = {
  "SHA-1": 160,
  "SHA-256": 256,
  "SHA-384": 384,
  "SHA-512": 512,
};

/** PBKDF2 does all its iterations for each block of output. */
const derivePrice = ({ algorithm, length }: CryptoRequest): number => {
  const blocks = Math.ceil((length ?? 0) / (HASH_BITS[algorithm.hash ?? ""] ?? 160));
  if (algorithm.name === "PBKDF2") return blocks * (algorithm.iterations ?? 0) * PER_ITERATION;
  return blocks * PER_ITERATION;
};

const generatePrice = ({ algorithm }: CryptoRequest): number =>
  algorithm.namedCurve === undefined ? EDWARDS : 2 * (CURVES[algorithm.namedCurve] ?? 0);

/** A key is imported for each call, so each pays for it twice: to make it, and to use it. */
export const cryptoPrice = (request: CryptoRequest, bytes: number): number =>
  CALL +
  bytes * PER_BYTE +
  2 * keyPrice(request.key) +
  keyPrice(request.peer) +
  (request.call === "derive" ? derivePrice(request) : 0) +
  (request.call === "generate" ? generatePrice(request) : 0);
