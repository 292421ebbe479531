import { base64, utf8 } from "../../lib/bytes.ts";
import type { HeaderPair, HeaderPairs } from "../../lib/headers.ts";
import type { Placeholder, Placeholders } from "../placeholders.ts";
import { replacePlaceholders } from "./find.ts";
import { noCredentials, type Spot, spotsAllowed, spotsForbidden } from "./spot.ts";

/** `user:password`, as RFC 7617 has it; `undefined` for a placeholder of the secret alone. */
export const userAndPassword = ({ basicUser, secret }: Placeholder): string | undefined =>
  basicUser === null ? undefined : `${basicUser}:${secret.value}`;

/** What is all of a value but for the scheme `Basic`, which may be missing. */
const CREDENTIALS = /^(Basic +)?(hwsec_[a-z2-7]{40})$/i;

/** Others split a header (CWE-113), or are bytes of no known encoding. */
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const UNSENDABLE = /[^\t\x20-\x7e]/;

const faultIn = (name: string, value: string, placeholder: Placeholder): string | null => {
  if (placeholder.basicUser !== null) {
    const isAlone = name === "authorization" && CREDENTIALS.exec(value)?.[2] === placeholder.text;
    return isAlone ? null : noCredentials(placeholder);
  }
  if (/[\r\n\0]/.test(placeholder.secret.value))
    return "its value holds a line end or a NUL, which would split the header";
  return UNSENDABLE.test(placeholder.secret.value)
    ? "its value holds characters that a header cannot carry"
    : null;
};

export const spotsInHeaders = (headers: HeaderPairs, placeholders: Placeholders): readonly Spot[] =>
  headers.flatMap(([given, value]) => {
    const name = given.toLowerCase();
    return [
      ...spotsForbidden(given, placeholders, "a header's name"),
      ...spotsAllowed(value, placeholders, `header:${name}`, (placeholder) =>
        faultIn(name, value.trim(), placeholder),
      ),
    ];
  });

/** Filled in where `spotsInHeaders` found no fault; Basic credentials with their scheme, unless that stands there. */
export const fillHeaders = (headers: HeaderPairs, placeholders: Placeholders): HeaderPairs =>
  headers.map(([name, value]): HeaderPair => {
    const filled = replacePlaceholders(value, placeholders, (placeholder) => {
      const credentials = userAndPassword(placeholder);
      if (credentials === undefined) return placeholder.secret.value;
      const encoded = base64(utf8(credentials));
      return CREDENTIALS.exec(value.trim())?.[1] === undefined ? `Basic ${encoded}` : encoded;
    });
    return [name, filled];
  });
