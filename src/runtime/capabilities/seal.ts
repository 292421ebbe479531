import { Buffer } from "node:buffer";
import { createCipheriv, createECDH, createHash, hkdfSync, randomBytes } from "node:crypto";
import { fromBase64url, hex, tryFromUtf8, utf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";

/** Two multiplications on P-256 and the rest. */
const SEAL_UNITS = 200_000;
const HASH_UNITS = 2_000;
const UNITS_PER_BYTE = 4;
/** SEC 1, uncompressed: 0x04 and both coordinates. */
const POINT_BYTES = 65;
const IV_BYTES = 12;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readField = (argument: Uint8Array, name: string): string => {
  const value = parseJson(tryFromUtf8(argument) ?? "");
  const field: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof field !== "string") throw new OpError("TypeError", `${name} must be a string`);
  return field;
};

const readRecipient = (text: string): Uint8Array<ArrayBuffer> => {
  const point = fromBase64url(text);
  if (point?.length !== POINT_BYTES || point[0] !== 4) {
    throw new OpError(
      "TypeError",
      "The recipient's public key must be base64url of an uncompressed P-256 key of 65 bytes.",
    );
  }
  return point;
};

/** A point off the curve would tell of the ephemeral key; the platform refuses it, and so do we, by name. */
const agree = (recipient: Uint8Array): { readonly ephemeral: Uint8Array; readonly shared: Uint8Array } => {
  const pair = createECDH("prime256v1");
  const ephemeral = pair.generateKeys();
  try {
    return { ephemeral, shared: pair.computeSecret(recipient) };
  } catch {
    throw new OpError("TypeError", "The recipient's public key is not a point of P-256.");
  }
};

/**
 * A sealed box that only the recipient can open: base64url of ephemeral key, IV, ciphertext and tag.
 * AES-256-GCM under HKDF-SHA256(ikm = ECDH x, salt = recipient key, info = ephemeral key).
 */
const seal = (recipientText: string, text: string): string => {
  const recipient = readRecipient(recipientText);
  const { ephemeral, shared } = agree(recipient);
  const key = new Uint8Array(hkdfSync("sha256", shared, recipient, ephemeral, 32));
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const sealed = Buffer.concat([cipher.update(utf8(text)), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([ephemeral, iv, sealed]).toString("base64url");
};

const sha256 = (text: string): string => {
  const data = fromBase64url(text);
  if (data === undefined) throw new OpError("TypeError", "The data must be base64url.");
  return hex(createHash("sha256").update(data).digest());
};

/**
 * `secutils.crypto` of the expression form. Its scripts call it without `await`, so it cannot go through
 * `crypto.subtle`, which only knows promises.
 */
export const sealing: Capability = {
  name: "seal",
  sync: {
    seal: {
      price: (argument) => SEAL_UNITS + argument.length * UNITS_PER_BYTE,
      call: (argument) => seal(readField(argument, "recipient"), readField(argument, "text")),
    },
    sha256: {
      price: (argument) => HASH_UNITS + argument.length * UNITS_PER_BYTE,
      call: (argument) => sha256(readField(argument, "data")),
    },
  },
};
