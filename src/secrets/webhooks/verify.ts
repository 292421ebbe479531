import { isHeaderName } from "../../lib/headers.ts";
import type { HashName } from "../operations/hmac.ts";
import { ENCODINGS, github, hmacHeader, shopify } from "./hmac-header.ts";
import type { Scheme } from "./scheme.ts";
import { slack } from "./slack.ts";
import { standardWebhooks, svix } from "./standard-webhooks.ts";
import { stripe } from "./stripe.ts";
import { twilio } from "./twilio.ts";

const SCHEMES = new Map<unknown, Scheme>([
  ["standard-webhooks", standardWebhooks],
  ["svix", svix],
  ["stripe", stripe],
  ["github", github],
  ["slack", slack],
  ["shopify", shopify],
  ["twilio", twilio],
]);

const HASHES: readonly HashName[] = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];
const MOST_PREFIX = 100;

/** How a script asked for it to be verified: fields of any type. */
type Settings = ReadonlyMap<string, unknown>;

export type ReadScheme =
  | { readonly kind: "scheme"; readonly scheme: Scheme; readonly toleranceSeconds: number }
  | { readonly kind: "fault"; readonly fault: string };

const fault = (text: string): ReadScheme => ({ kind: "fault", fault: `verifyWebhook: ${text}` });

const oneOf = <T extends string>(values: readonly T[], given: unknown): T | undefined =>
  values.find((each) => each === given);

/** `hmac` is told everything: whatever signs the body alone. */
const readHmac = (settings: Settings, toleranceSeconds: number): ReadScheme => {
  const header = settings.get("header");
  const prefix = settings.get("prefix") ?? "";
  const algorithm = oneOf(HASHES, settings.get("algorithm") ?? "SHA-256");
  const encoding = oneOf(ENCODINGS, settings.get("encoding") ?? "hex");
  if (typeof header !== "string" || !isHeaderName(header))
    return fault("with the scheme hmac, `header` names the header that the signature comes in.");
  if (algorithm === undefined) return fault(`\`algorithm\` is one of ${HASHES.join(", ")}.`);
  if (encoding === undefined) return fault(`\`encoding\` is one of ${ENCODINGS.join(", ")}.`);
  if (typeof prefix !== "string" || prefix.length > MOST_PREFIX)
    return fault(`\`prefix\` is what stands before the signature, at most ${MOST_PREFIX} characters.`);
  const scheme = hmacHeader({
    header: header.toLowerCase(),
    algorithm,
    encoding,
    prefix,
    sender: "the one that you expect",
    form: "the secret that the sender signs with",
  });
  return { kind: "scheme", scheme, toleranceSeconds };
};

export const readScheme = (settings: Settings): ReadScheme => {
  const tolerance = settings.get("toleranceSeconds") ?? 300;
  if (typeof tolerance !== "number" || !(tolerance >= 0))
    return fault("`toleranceSeconds` is a number of seconds, 0 or more.");
  const name = settings.get("scheme");
  if (name === "hmac") return readHmac(settings, tolerance);
  const scheme = SCHEMES.get(name);
  if (scheme === undefined) return fault(`\`scheme\` is one of ${[...SCHEMES.keys(), "hmac"].join(", ")}.`);
  return { kind: "scheme", scheme, toleranceSeconds: tolerance };
};
