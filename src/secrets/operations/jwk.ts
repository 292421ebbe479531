import { fromBase64url } from "../../lib/bytes.ts";
import {
  keyFault,
  type KeyFault,
  type KeyMaterial,
  NO_KEY,
  rsaOf,
  scalarOf,
  UNREADABLE,
} from "./key-material.ts";

/** What the parser says of a text may hold some of it: it is not told on. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A private JWK (RFC 7517, RFC 8037). An RSA key needs its primes: without them it signs four times as slowly. */
export const readJwk = (text: string): KeyMaterial | KeyFault => {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) return NO_KEY;
  const members = new Map<string, unknown>(Object.entries(value));
  const number = (name: string): Uint8Array<ArrayBuffer> | undefined => {
    const member = members.get(name);
    return typeof member === "string" ? fromBase64url(member) : undefined;
  };
  const [kty, crv] = [members.get("kty"), members.get("crv")];
  if (typeof kty !== "string") return NO_KEY;
  if (!members.has("d")) return keyFault("holds a public JWK: to sign, a private one is needed.");
  if (kty === "RSA") {
    return (
      rsaOf(["n", "e", "d", "p", "q", "dp", "dq", "qi"].map(number)) ??
      keyFault("holds an RSA JWK without its primes: export it with p, q, dp, dq and qi.")
    );
  }
  const scalar = scalarOf(number("d"));
  if (kty === "EC" && crv === "P-256") return scalar === undefined ? UNREADABLE : { kind: "p-256", scalar };
  if (kty === "OKP" && crv === "Ed25519")
    return scalar === undefined ? UNREADABLE : { kind: "ed25519", seed: scalar };
  return keyFault("holds a JWK of a kind that cannot sign here: take RSA, P-256 or Ed25519.");
};
