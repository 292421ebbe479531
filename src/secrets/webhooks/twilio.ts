import { createHash } from "node:crypto";
import { fromBase64, fromHex, fromUtf8, utf8 } from "../../lib/bytes.ts";
import { hmac } from "../operations/hmac.ts";
import { isSameSignature } from "../operations/same-bytes.ts";
import {
  firstThatSigned,
  malformed,
  no,
  type Scheme,
  type SignedRequest,
  signatureHeader,
} from "./scheme.ts";

const HEADER = "x-twilio-signature";
const BODY_HASH = "bodySHA256";
/** Beyond these a form is none of Twilio's, and would be dear to take apart and sort. */
const MOST_FORM_BYTES = 64 * 1024;
const MOST_FIELDS = 500;

/** Names in order, each value once and in order, all of it without anything between. */
const sortedForm = (params: URLSearchParams): string =>
  [...new Set(params.keys())]
    .toSorted()
    .flatMap((name) => [...new Set(params.getAll(name))].toSorted().map((value) => name + value))
    .join("");

/** Twilio signs the URL with its port in some products, and without it in others. */
const spellingsOf = (url: string): readonly string[] => {
  const [whole, scheme = "", host = "", rest = ""] = /^(https?:\/\/)([^/?#]*)(.*)$/s.exec(url) ?? [];
  if (whole === undefined) return [url];
  const bare = host.replace(/:\d+$/, "");
  const port = scheme === "https://" ? ":443" : ":80";
  return [...new Set([url, scheme + bare + rest, scheme + bare + port + rest])];
};

const isForm = ({ header }: SignedRequest): boolean =>
  (header("content-type") ?? "").toLowerCase().startsWith("application/x-www-form-urlencoded");

/** What is signed behind the URL, or why the request cannot be Twilio's. */
const signedFields = (request: SignedRequest): { readonly text: string } | { readonly fault: string } => {
  const { body, url } = request;
  const query = url.includes("?") ? new URLSearchParams(url.slice(url.indexOf("?") + 1)) : undefined;
  const hash = query?.get(BODY_HASH) ?? undefined;
  if (hash !== undefined) {
    const given = fromHex(hash);
    const made = createHash("sha256").update(request.asSigned(body)).digest();
    const same = given !== undefined && isSameSignature(made, given);
    return same
      ? { text: "" }
      : { fault: `the body is not the one that ${BODY_HASH} in the URL stands for.` };
  }
  if (!isForm(request) || body.length === 0) return { text: "" };
  const text = body.length > MOST_FORM_BYTES ? "" : fromUtf8(body);
  if (text === "" || text.split("&", MOST_FIELDS + 1).length > MOST_FIELDS)
    return {
      fault: `the form is larger than Twilio's are (${MOST_FORM_BYTES} bytes, ${MOST_FIELDS} fields).`,
    };
  return { text: sortedForm(new URLSearchParams(text)) };
};

/** HMAC-SHA1 of the URL and the form's sorted fields, or of a URL that holds the body's hash (twilio.com, "Webhooks security"). */
export const twilio: Scheme = (request, secrets) => {
  const found = signatureHeader(request, HEADER, "Twilio");
  if ("missing" in found) return found.missing;
  const given = fromBase64(found.value);
  if (given === undefined) return malformed(HEADER, "BASE64");
  const fields = signedFields(request);
  if ("fault" in fields) return no(fields.fault);
  const signed = spellingsOf(request.url).map((url) => request.asSigned(utf8(url + fields.text)));
  return firstThatSigned(secrets, {
    sign: (text) => signed.map((bytes) => hmac("SHA-1", utf8(text), bytes)),
    given: [given],
    form: "the auth token of the account",
    hint: `${request.url.split("?", 1)[0]} is the URL that Twilio was told, and nothing changed the body`,
  });
};
