/** What the guest may name in a call of `crypto.subtle`: closed lists, so that nothing else reaches the platform. */
export const CALLS = [
  "digest",
  "import",
  "export",
  "generate",
  "sign",
  "verify",
  "encrypt",
  "decrypt",
  "derive",
] as const;
export type Call = (typeof CALLS)[number];

export const FORMATS = ["raw", "pkcs8", "spki", "jwk"] as const;
export type Format = (typeof FORMATS)[number];

export const NAMES = [
  "SHA-1",
  "SHA-256",
  "SHA-384",
  "SHA-512",
  "HMAC",
  "ECDSA",
  "ECDH",
  "Ed25519",
  "X25519",
  "RSASSA-PKCS1-v1_5",
  "RSA-PSS",
  "RSA-OAEP",
  "AES-GCM",
  "AES-CBC",
  "AES-CTR",
  "HKDF",
  "PBKDF2",
] as const;

export const HASHES = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const;
export const CURVES = ["P-256", "P-384", "P-521"] as const;

const SIGNING = { private: ["sign"], public: ["verify"], secret: ["sign", "verify"] } as const;
const SEALING = { private: ["decrypt"], public: ["encrypt"], secret: ["encrypt", "decrypt"] } as const;
const DERIVING = { private: ["deriveBits"], public: [], secret: ["deriveBits"] } as const;

/**
 * The usages that the platform's own key gets: all that its algorithm has. Which of them the script's key has is the
 * guest's to keep, as is the key itself.
 */
export const platformUsages = (name: string, type: "private" | "public" | "secret"): readonly string[] => {
  if (name === "RSA-OAEP" || name.startsWith("AES-")) return SEALING[type];
  return /^(?:HMAC|ECDSA|Ed25519|RSA)/.test(name) ? SIGNING[type] : DERIVING[type];
};
