import { bitsOf } from "../../lib/der.ts";
import { readJwk } from "./jwk.ts";
import { keyFault, type KeyFault, type KeyMaterial, type RsaNumbers } from "./key-material.ts";
import { isPem, readPem } from "./pem.ts";
import { writePkcs8 } from "./pkcs8.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export type SigningAlgorithm = "RS256" | "PS256" | "ES256" | "EdDSA";

/** A key as the platform takes it, and what it costs to use. */
export interface SigningKey {
  readonly kind: "key";
  readonly cost: { readonly bits: number } | { readonly curve: "P-256" | "Ed25519" };
  readonly pkcs8: Bytes;
}

const LEAST_BITS = 2_048;
const MOST_BITS = 4_096;
/** As the platform has it, which checks each signature by this exponent. */
const MOST_EXPONENT_BITS = 33;

/** Before the platform sees it: an odd key would be dearer than what is paid for its size. */
const rsaFault = ([n, e, _d, p, q]: RsaNumbers): string | undefined => {
  const bits = bitsOf(n);
  if (bits < LEAST_BITS || bits > MOST_BITS)
    return `holds an RSA key of ${bits} bits: it must have from ${LEAST_BITS} to ${MOST_BITS}.`;
  const exponent = bitsOf(e);
  const odd = (e.at(-1) ?? 0) % 2 === 1;
  const half = Math.ceil(bits / 2);
  const regular =
    odd && exponent > 1 && exponent <= MOST_EXPONENT_BITS && bitsOf(p) <= half && bitsOf(q) <= half;
  return regular ? undefined : "holds an RSA key that is not made as such keys are.";
};

const costOf = (material: KeyMaterial): SigningKey["cost"] => {
  if (material.kind === "rsa") return { bits: bitsOf(material.numbers[0]) };
  return { curve: material.kind === "p-256" ? "P-256" : "Ed25519" };
};

/** The private key that a secret's text is, or why it is none. */
export const readSigningKey = (text: string): SigningKey | KeyFault => {
  const material = isPem(text) ? readPem(text) : readJwk(text);
  if (material.kind === "fault") return material;
  const fault = material.kind === "rsa" ? rsaFault(material.numbers) : undefined;
  if (fault !== undefined) return keyFault(fault);
  return { kind: "key", cost: costOf(material), pkcs8: writePkcs8(material) };
};

interface Use {
  readonly needs: "RSA" | "P-256" | "Ed25519";
  readonly key: SubtleCryptoImportKeyAlgorithm;
  readonly sign: SubtleCryptoSignAlgorithm;
}

/** RFC 7518, section 3, and RFC 8037. ES256 gives both halves one after the other, not in DER. */
const USES: Readonly<Record<SigningAlgorithm, Use>> = {
  RS256: {
    needs: "RSA",
    key: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    sign: { name: "RSASSA-PKCS1-v1_5" },
  },
  PS256: {
    needs: "RSA",
    key: { name: "RSA-PSS", hash: "SHA-256" },
    sign: { name: "RSA-PSS", saltLength: 32 },
  },
  ES256: {
    needs: "P-256",
    key: { name: "ECDSA", namedCurve: "P-256" },
    sign: { name: "ECDSA", hash: "SHA-256" },
  },
  EdDSA: { needs: "Ed25519", key: { name: "Ed25519" }, sign: { name: "Ed25519" } },
};

/** `undefined` when the platform refuses the key after all. */
export const signWith = async (
  { cost, pkcs8 }: SigningKey,
  algorithm: SigningAlgorithm,
  data: Bytes,
): Promise<Bytes | KeyFault> => {
  const { needs, key, sign } = USES[algorithm];
  const is = "bits" in cost ? "RSA" : cost.curve;
  if (is !== needs)
    return keyFault(`holds a key of kind ${is}, and ${algorithm} needs one of kind ${needs}.`);
  try {
    const imported = await crypto.subtle.importKey("pkcs8", pkcs8, key, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign(sign, imported, data));
  } catch {
    return keyFault("holds a private key that does not work: its parts do not belong together.");
  }
};
