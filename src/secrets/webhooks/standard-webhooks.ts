import { base64, fromBase64, utf8 } from "../../lib/bytes.ts";
import { hmac, keyBytes } from "../operations/hmac.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { firstThatSigned, malformed, no, type Scheme, signatureHeader, timeFault } from "./scheme.ts";

const FORM = "the signing secret of this endpoint (base64, mostly behind whsec_)";

/** `v1,BASE64 v1,BASE64 v1a,BASE64`: several while secrets are changed. */
const signaturesOf = (header: string): readonly (readonly [version: string, signature: string])[] =>
  header.split(" ").map((part) => {
    const at = part.indexOf(",");
    return [part.slice(0, Math.max(at, 0)), part.slice(at + 1)] as const;
  });

const headOf = (id: string, sentAt: string): Uint8Array<ArrayBuffer> => utf8(`${id}.${sentAt}.`);

/** `undefined` when the secret is not base64. */
const signatureOf = (secret: string, head: Uint8Array<ArrayBuffer>, body: Uint8Array<ArrayBuffer>) => {
  const key = keyBytes(secret, "whsec");
  return key && hmac("SHA-256", key, head, body);
};

/** The headers by which a receiver knows a message of ours, and the same one when it comes again. `now` in ms. */
export const signedHeaders = (
  secret: string,
  { id, body, now }: { readonly id: string; readonly body: Uint8Array<ArrayBuffer>; readonly now: number },
): HeaderPairs => {
  const sentAt = String(Math.floor(now / 1_000));
  const signature = signatureOf(secret, headOf(id, sentAt), body);
  if (signature === undefined) throw new Error("A signing secret is not base64.");
  return [
    ["webhook-id", id],
    ["webhook-timestamp", sentAt],
    ["webhook-signature", `v1,${base64(signature)}`],
  ];
};

const schemeOf =
  (prefixes: readonly string[], sender: string): Scheme =>
  (request, secrets, clock) => {
    const prefix = prefixes.find((each) => request.header(`${each}-signature`) !== undefined) ?? prefixes[0];
    const name = `${prefix}-signature`;
    const found = signatureHeader(request, name, sender);
    if ("missing" in found) return found.missing;
    const id = request.header(`${prefix}-id`);
    const sentAt = request.header(`${prefix}-timestamp`);
    if (id === undefined || sentAt === undefined)
      return no(`no ${prefix}-${id === undefined ? "id" : "timestamp"} header, which ${name} also signs.`);
    const fault = timeFault(sentAt, `${prefix}-timestamp`, clock);
    if (fault !== undefined) return no(fault);
    const signatures = signaturesOf(found.value);
    const given = signatures.flatMap(([version, text]) => (version === "v1" ? (fromBase64(text) ?? []) : []));
    if (given.length === 0) {
      return signatures.some(([version]) => version === "v1a")
        ? no("it is signed with a key of two halves (v1a), which is not supported: use a secret (v1).")
        : malformed(name, "v1,BASE64, several apart by spaces");
    }
    const head = request.asSigned(headOf(id, sentAt));
    const body = request.asSigned(request.body);
    return firstThatSigned(secrets, {
      sign: (text) => {
        const signature = signatureOf(text, head, body);
        return signature && [signature];
      },
      given,
      form: FORM,
      hint: "nothing changed the body",
    });
  };

/** https://www.standardwebhooks.com: HMAC-SHA256 of `id.timestamp.body`. */
export const standardWebhooks = schemeOf(["webhook"], "a sender of Standard Webhooks");
/** The same under its older names; its senders use both. */
export const svix = schemeOf(["svix", "webhook"], "Svix");
