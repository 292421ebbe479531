import type { HeaderPairs } from "../../lib/headers.ts";
import { isAscii } from "../showable.ts";
import { commentLines } from "./comments.ts";
import type { Draft, DraftBody } from "./draft.ts";
import { base64Lines, pythonString } from "./literals.ts";
import { reachable } from "./local-names.ts";

/** http.client sends text as Latin-1, and bytes as they are. */
const headerValue = (value: string): string =>
  isAscii(value) ? pythonString(value) : `${pythonString(value)}.encode()`;

/** A dict has each name once: repeats are joined as the platform joins them. */
const joined = (headers: HeaderPairs): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}${name === "cookie" ? "; " : ", "}${value}`);
  }
  return values;
};

const headerLines = (headers: HeaderPairs): string => {
  const lines = Array.from(
    joined(headers),
    ([name, value]) => `        ${pythonString(name)}: ${headerValue(value)},\n`,
  );
  return lines.length === 0 ? "" : `    headers={\n${lines.join("")}    },\n`;
};

const bodyLine = (body: DraftBody): string => {
  if (body.kind === "none") return "";
  if (body.kind === "text") return `    body=${pythonString(body.text)}.encode(),\n`;
  return `    body=base64.b64decode("""\n${base64Lines(body.bytes)}\n"""),\n`;
};

/** Name and port, told apart: `[::1]:80` holds more colons than one. */
const AUTHORITY = /^(https?):\/\/\[?(.*?)\]?(?::(\d+))?$/;

const connectionTo = (origin: string): string => {
  const [, scheme, name = "", port] = AUTHORITY.exec(origin) ?? [];
  const kind = scheme === "https" ? "HTTPSConnection" : "HTTPConnection";
  return `http.client.${kind}(${pythonString(name)}${port === undefined ? "" : `, ${port}`})`;
};

/** Of the standard library alone. http.client sends what it is given; urllib adds headers, and follows redirects. */
export const pythonText = (draft: Draft): string => {
  const { method, target, body } = draft;
  const to = reachable(draft.origin);
  const headers: HeaderPairs = [
    ...(to.host === undefined ? [] : [["host", to.host] as const]),
    ...draft.headers,
  ];
  return `${commentLines("#", draft.notes)}${body.kind === "bytes" ? "import base64\n" : ""}import http.client

connection = ${connectionTo(to.origin)}
connection.request(
    ${pythonString(method)},
    ${pythonString(target)},
${bodyLine(body)}${headerLines(headers)})
response = connection.getresponse()
print(response.status, response.read().decode("utf-8", "replace"))
`;
};
