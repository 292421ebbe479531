import { FUEL_PER_MS } from "../fuel.ts";
import type { CryptoRequest, KeyGiven } from "./crypto-request.ts";

/**
 * Fuel for calls of `crypto.subtle`: at least their time in workerd, measured in batches of 100 ms on the machine that
 * `FUEL_PER_MS` was calibrated on, so that nobody gets the host's CPU for less than the engine's.
 */
const MICROSECOND = FUEL_PER_MS / 1_000;

const CALL = 30 * MICROSECOND;
/** SHA-384 and AES-CBC are the dearest, at 4 and 2 ns; each byte is copied twice besides. */
const PER_BYTE = 0.005 * MICROSECOND;
/** One iteration of PBKDF2: two turns of HMAC, 0.2 µs by SHA-256 and 1 µs by SHA-512. */
const PER_ITERATION = MICROSECOND;

/** Half of an import and the dearest use, which is signing or checking. P-521 has no fast code. */
const CURVES: Readonly<Record<string, number>> = {
  "P-256": 110 * MICROSECOND,
  "P-384": 1_000 * MICROSECOND,
  "P-521": 2_700 * MICROSECOND,
};
const EDWARDS = 100 * MICROSECOND;

/**
 * For 1,024 bits of modulus: private uses grow with the third power, public ones and imports with the second.
 * A JWK may hold no primes, and then signs two and a half times as slowly: 15 ms at 4,096 bits.
 */
const RSA_PRIVATE = 250 * MICROSECOND;
const RSA_PUBLIC = 60 * MICROSECOND;
const RSA_MAX_BITS = 4_096;

/** The modulus that so much key material can hold at most: a PKCS #8 key has more than four times its bytes. */
const modulusBits = ({ format, material }: KeyGiven): number =>
  Math.min(RSA_MAX_BITS, material.length * (format === "pkcs8" ? 2 : 8));

const rsaPrice = (key: KeyGiven, call: CryptoRequest["call"]): number => {
  const kilobits = modulusBits(key) / 1_024;
  return call === "sign" || call === "decrypt" ? RSA_PRIVATE * kilobits ** 3 : RSA_PUBLIC * kilobits ** 2;
};

const keyPrice = (key: KeyGiven | undefined, call: CryptoRequest["call"]): number => {
  if (key === undefined) return 0;
  const { name, namedCurve } = key.algorithm;
  if (name.startsWith("RSA")) return rsaPrice(key, call);
  if (namedCurve !== undefined) return 2 * (CURVES[namedCurve] ?? 0);
  return name.endsWith("25519") ? 2 * EDWARDS : 0;
};

const HASH_BITS: Readonly<Record<string, number>> = {
  "SHA-1": 160,
  "SHA-256": 256,
  "SHA-384": 384,
  "SHA-512": 512,
};

/** PBKDF2 does all its iterations for each block of output. */
const derivePrice = ({ algorithm, length = 0 }: CryptoRequest): number => {
  const blocks = Math.ceil(length / (HASH_BITS[algorithm.hash ?? ""] ?? 160));
  return blocks * (algorithm.name === "PBKDF2" ? (algorithm.iterations ?? 0) : 1) * PER_ITERATION;
};

const generatePrice = ({ algorithm }: CryptoRequest): number =>
  algorithm.namedCurve === undefined ? EDWARDS : 2 * (CURVES[algorithm.namedCurve] ?? 0);

/** A key is imported for each call, since the host keeps none: that is in its price. */
export const cryptoPrice = (request: CryptoRequest, bytes: number): number =>
  CALL +
  bytes * PER_BYTE +
  keyPrice(request.key, request.call) +
  keyPrice(request.peer, request.call) +
  (request.call === "derive" ? derivePrice(request) : 0) +
  (request.call === "generate" ? generatePrice(request) : 0);
