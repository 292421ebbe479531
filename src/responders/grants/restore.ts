import { Buffer } from "node:buffer";
import { utf8 } from "../../lib/bytes.ts";
import { isHeaderName, isHeaderValue, type HeaderPair } from "../../lib/headers.ts";
import type { Hit } from "../hit.ts";

/** What stands in a kept exchange where a secret stood. */
const MARK = /\[secret ([A-Za-z][A-Za-z0-9_-]{0,127})\]/g;

/** What each name reads as in the run: a placeholder, or with `reveal` the text itself. `undefined`: it is not granted. */
export type TextOf = (name: string) => string | undefined;

const asIs = (text: string): string => text;
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const restored = (text: string, textOf: TextOf, escape: (text: string) => string): string =>
  text.replaceAll(MARK, (mark, name: string) => {
    const found = textOf(name);
    return found === undefined ? mark : escape(found);
  });

/** The marks of these fields, and where each stands, as a person would say it. */
export const marksIn = (
  { url, headers, body }: Hit,
  masked: readonly string[],
): readonly { readonly name: string; readonly where: string }[] => {
  const textIn = (field: string): readonly [where: string, text: string] => {
    if (field === "body") return ["the body", body === null ? "" : Buffer.from(body).toString("latin1")];
    if (field === "url") return ["the URL", url];
    const [name = "", value = ""] = headers[Number(field.slice("header:".length))] ?? [];
    return [`the header ${name}`, value];
  };
  return masked.flatMap((field) => {
    const [where, text] = textIn(field);
    return Array.from(text.matchAll(MARK), ([, name = ""]) => ({ name, where }));
  });
};

const isJson = ({ headers }: Hit): boolean =>
  headers.some(([name, value]) => name === "content-type" && /^application\/(.+\+)?json\b/i.test(value));

/** Byte for byte: a body may be of any encoding, and a mark in it is ASCII. */
const restoredBody = (hit: Hit, bytes: Uint8Array, textOf: TextOf): Uint8Array<ArrayBuffer> => {
  const binary = Buffer.from(bytes).toString("latin1");
  const escape = isJson(hit) ? inJson : asIs;
  const toBinary = (text: string): string => Buffer.from(utf8(escape(text))).toString("latin1");
  return new Uint8Array(Buffer.from(restored(binary, textOf, toBinary), "latin1"));
};

const restoredHeaders = (hit: Hit, fields: ReadonlySet<string>, textOf: TextOf): readonly HeaderPair[] =>
  hit.headers
    .map(([name, value], index): HeaderPair => [
      name,
      fields.has(`header:${index}`) ? restored(value, textOf, asIs) : value,
    ])
    // A name that was a secret is a mark now, and no header.
    .filter(([name, value]) => isHeaderName(name) && isHeaderValue(value));

/**
 * A recorded hit with the run's own texts where marks stand: for a handle its placeholder, so that the script holds no more
 * than it did. Only in the fields that `masked` names: what a sender wrote that reads like a mark stays what it is.
 */
export const restoreHit = (hit: Hit, masked: readonly string[], textOf: TextOf): Hit => {
  if (masked.length === 0) return hit;
  const fields = new Set(masked);
  const inUrl = (text: string): string =>
    fields.has("url") ? restored(text, textOf, encodeURIComponent) : text;
  return {
    ...hit,
    url: inUrl(hit.url),
    path: inUrl(hit.path),
    rawQuery: hit.rawQuery === null ? null : inUrl(hit.rawQuery),
    headers: restoredHeaders(hit, fields, textOf),
    body: hit.body === null || !fields.has("body") ? hit.body : restoredBody(hit, hit.body, textOf),
  };
};
