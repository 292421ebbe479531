import { fromBase64, fromBase64url, fromHex, utf8 } from "../../lib/bytes.ts";
import { hmac, type HashName } from "../operations/hmac.ts";
import { firstThatSigned, malformed, type Scheme, signatureHeader } from "./scheme.ts";

export const ENCODINGS = ["hex", "base64", "base64url"] as const;
export type SignatureEncoding = (typeof ENCODINGS)[number];

/** A signature in one header, over the body alone: nothing says when it was made. */
export interface HmacHeader {
  /** In lower case. */
  readonly header: string;
  readonly algorithm: HashName;
  readonly encoding: SignatureEncoding;
  /** What stands before the signature. */
  readonly prefix: string;
  readonly sender: string;
  readonly form: string;
}

const DECODE = { hex: fromHex, base64: fromBase64, base64url: fromBase64url } as const;

export const hmacHeader =
  ({ header, algorithm, encoding, prefix, sender, form }: HmacHeader): Scheme =>
  (request, secrets) => {
    const found = signatureHeader(request, header, sender);
    if ("missing" in found) return found.missing;
    const given = found.value.startsWith(prefix)
      ? DECODE[encoding](found.value.slice(prefix.length))
      : undefined;
    if (given === undefined) return malformed(header, `${prefix}${encoding.toUpperCase()}`);
    const body = request.asSigned(request.body);
    return firstThatSigned(secrets, {
      sign: (text) => [hmac(algorithm, utf8(text), body)],
      given: [given],
      form,
      hint: "nothing changed the body",
    });
  };

/** `sha256=HEX` (docs.github.com, "Validating webhook deliveries"). */
export const github = hmacHeader({
  header: "x-hub-signature-256",
  algorithm: "SHA-256",
  encoding: "hex",
  prefix: "sha256=",
  sender: "GitHub, and is a secret set there for this webhook",
  form: "the secret that was set for this webhook",
});

export const shopify = hmacHeader({
  header: "x-shopify-hmac-sha256",
  algorithm: "SHA-256",
  encoding: "base64",
  prefix: "",
  sender: "Shopify",
  form: "the app's client secret, or the one shown under the webhooks of the shop",
});
