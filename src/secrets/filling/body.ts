import { fromUtf8, tryFromUtf8, utf8 } from "../../lib/bytes.ts";
import type { Placeholder, Placeholders } from "../placeholders.ts";
import { replacePlaceholders } from "./find.ts";
import { jsonStrings } from "./json-strings.ts";
import type { OutgoingBody } from "./outgoing.ts";
import { type Spot, spotsAllowed, spotsForbidden, spotsInPairs } from "./spot.ts";
import { percentEncode } from "./url.ts";

const isJson = (type: string): boolean => type === "application/json" || /^[^/]+\/[^/]+\+json$/.test(type);
const isForm = (type: string): boolean => type === "application/x-www-form-urlencoded";

/** The media type without its parameters (RFC 9110, section 8.3). */
const mediaType = (contentType: string | undefined): string =>
  (contentType ?? "").split(";", 1).join("").trim().toLowerCase();

const parses = (json: string): boolean => {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
};

const spotsInJson = (json: string, placeholders: Placeholders): readonly Spot[] => {
  const found = spotsForbidden(json, placeholders, "a JSON body that does not parse");
  if (found.length === 0 || !parses(json)) return found;
  return Array.from(jsonStrings(json)).flatMap(({ text, isKey }) =>
    isKey
      ? spotsForbidden(text, placeholders, "a key of the JSON body")
      : spotsAllowed(text, placeholders, "json"),
  );
};

/** Only values of a form, and strings of JSON, have a way to be escaped: in anything else a value could become structure. */
export const spotsInBody = (
  body: OutgoingBody,
  contentType: string | undefined,
  placeholders: Placeholders,
): readonly Spot[] => {
  if (body.kind === "none" || body.kind === "foreign") return [];
  const text = body.kind === "text" ? body.text : fromUtf8(body.bytes);
  if (body.kind === "bytes" && tryFromUtf8(body.bytes) === undefined) {
    return spotsForbidden(text, placeholders, "a body that is no text");
  }
  const type = mediaType(contentType);
  if (isJson(type)) return spotsInJson(text, placeholders);
  if (isForm(type)) return spotsInPairs(text, placeholders, "form");
  return spotsForbidden(
    text,
    placeholders,
    type === "" ? "a body without a content-type" : `a body of ${type}`,
  );
};

const jsonEscape = ({ secret }: Placeholder): string => JSON.stringify(secret.value).slice(1, -1);

/** How a secret is escaped in a body of this type. */
export const bodyEscape = (contentType: string | undefined): ((placeholder: Placeholder) => string) =>
  isJson(mediaType(contentType)) ? jsonEscape : percentEncode;

/** Filled in where `spotsInBody` found no fault. */
export const fillBody = (
  body: OutgoingBody,
  contentType: string | undefined,
  placeholders: Placeholders,
): OutgoingBody => {
  if (body.kind === "none" || body.kind === "foreign") return body;
  const fill = (text: string): string => replacePlaceholders(text, placeholders, bodyEscape(contentType));
  if (body.kind === "text") return { kind: "text", text: fill(body.text) };
  const text = tryFromUtf8(body.bytes);
  return text === undefined ? body : { kind: "bytes", bytes: utf8(fill(text)) };
};
