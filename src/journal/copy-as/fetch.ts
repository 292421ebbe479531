import { utf8 } from "../../lib/bytes.ts";
import type { HeaderPair, HeaderPairs } from "../../lib/headers.ts";
import { commentLines } from "./comments.ts";
import { type Draft, type DraftBody, headerOf, leftOut, namesOf } from "./draft.ts";
import { base64Lines, scriptString } from "./literals.ts";
import { reachable } from "./local-names.ts";

/** The Fetch standard refuses these methods, and makes capitals of these. */
const REFUSED = /^(connect|trace|track)$/i;
const CAPITALISED = /^(delete|get|head|options|post|put)$/i;

/** Node refuses a value with any other character. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What a browser keeps for itself (Fetch, "forbidden request-header"). */
const FORBIDDEN =
  /^(accept-charset|access-control-request-.*|cookie|date|dnt|origin|permissions-policy|proxy-.*|referer|sec-.*|set-cookie|via|x-http-method(-override)?|x-method-override)$/i;

/** With one of these fetch asks caches to keep out, by two headers more. */
const CONDITIONAL = ["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"];

/** A value is a string of bytes for fetch: of what is beyond ASCII, its UTF-8. */
const asBytes = (value: string): string =>
  Array.from(utf8(value), (byte) => String.fromCharCode(byte)).join("");

const byteString = (value: string): string =>
  scriptString(asBytes(value)).replaceAll(
    /[\x80-\xff]/g,
    (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
  );

const headerLine = ([name, value]: HeaderPair): string =>
  `    [${scriptString(name)}, ${byteString(value)}],\n`;

const headerLines = (headers: HeaderPairs): string =>
  headers.length === 0 ? "" : `  headers: [\n${headers.map(headerLine).join("")}  ],\n`;

/** Given as text, a body without a type would get one. */
const bodyLine = (body: DraftBody, hasType: boolean): string => {
  if (body.kind === "none") return "";
  if (body.kind === "text") {
    const text = scriptString(body.text);
    return `  body: ${hasType ? text : `new TextEncoder().encode(${text})`},\n`;
  }
  return `  body: Uint8Array.from(atob(\`\n${base64Lines(body.bytes)}\n\`), (char) => char.charCodeAt(0)),\n`;
};

/** Node replaces it, as browsers do. */
const ALWAYS_OWN = "sec-fetch-mode";

const added = (draft: Draft): readonly string[] => {
  const caching = CONDITIONAL.some((name) => headerOf(draft, name) !== undefined)
    ? ["cache-control", "pragma"]
    : [];
  const own = ["accept", "accept-language", "user-agent", ...caching];
  return [ALWAYS_OWN, ...own.filter((name) => headerOf(draft, name) === undefined)];
};

/** Node sends no `Host` but that of the URL. */
const hostNotes = ({ origin }: Draft): readonly string[] =>
  reachable(origin).host === undefined
    ? []
    : ["Node may not find this name: browsers do, and the copies for curl, HTTPie and Python."];

const urlNotes = ({ origin, target }: Draft): readonly string[] => {
  const { pathname, search } = new URL(origin + target);
  return pathname + search === target
    ? []
    : ["fetch rewrites this URL. The copy for curl sends the very same bytes."];
};

const capitalNotes = ({ method }: Draft): readonly string[] =>
  CAPITALISED.test(method) && method !== method.toUpperCase() ? ["fetch sends this method in capitals."] : [];

const headerNotes = (draft: Draft): readonly string[] => {
  const forbidden = draft.headers.filter(([name]) => FORBIDDEN.test(name));
  return [
    ...(forbidden.length > 0 ? [`A browser sets these itself: ${namesOf(forbidden)}.`] : []),
    `fetch adds of its own: ${added(draft).join(", ")}.`,
  ];
};

const notesOf = (draft: Draft, refused: HeaderPairs, hidesBody: boolean): readonly string[] => [
  ...(hidesBody ? [`Incomplete: fetch sends no body with ${draft.method}. The copy for curl does.`] : []),
  ...draft.notes,
  ...leftOut(refused, "as fetch refuses its control characters"),
  ...urlNotes(draft),
  ...hostNotes(draft),
  ...capitalNotes(draft),
  ...headerNotes(draft),
];

/** For Node and for browsers. */
export const fetchText = (given: Draft): string => {
  const draft = { ...given, headers: given.headers.filter(([name]) => name.toLowerCase() !== ALWAYS_OWN) };
  const { method, origin, target, body } = draft;
  if (REFUSED.test(method)) {
    return commentLines("//", [...draft.notes, `fetch cannot send the method ${method}. Copy it for curl.`]);
  }
  const hidesBody = body.kind !== "none" && /^(GET|HEAD)$/i.test(method);
  const refused = draft.headers.filter(([, value]) => !SENDABLE.test(asBytes(value)));
  const headers = draft.headers.filter((pair) => !refused.includes(pair));
  const hasType = headers.some(([name]) => name.toLowerCase() === "content-type");
  return [
    commentLines("//", notesOf(draft, refused, hidesBody)),
    `const response = await fetch`,
    `(${scriptString(origin + target)}, {\n`,
    `  method: ${scriptString(method)},\n`,
    headerLines(headers),
    hidesBody ? "" : bodyLine(body, hasType),
    `  redirect: "manual",\n});\nconsole.log(response.status, await response.text());\n`,
  ].join("");
};
