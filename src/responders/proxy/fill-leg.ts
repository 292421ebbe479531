import { hasHeader, type HeaderPairs } from "../../lib/headers.ts";
import type { SecretFilling } from "../../runtime/index.ts";
import { fill, type FillPolicy, interpolate, maskOfCarried, type Placeholder } from "../../secrets/index.ts";
import { maskedAnswer } from "../egress/masked-answer.ts";
import type { HitGrants } from "../grants/hit-grants.ts";

/** An upstream's headers with the run's placeholders where they name secrets; a name that is not granted stays as it is written. */
export const withPlaceholders = (headers: HeaderPairs, { grants, placeholders }: HitGrants): HeaderPairs => {
  const names = grants.kind === "granted" ? grants.secrets.map(({ name }) => name) : [];
  return headers.map(([name, value]) => [
    name,
    interpolate(value, (secret) => placeholders.of(names.indexOf(secret))?.text).text,
  ]);
};

/** What of a leg is not the sender's: only there are secrets filled in. */
export interface OwnWords {
  /** The upstream's, and those that a script has set; with placeholders. */
  readonly headers: HeaderPairs;
  /** Whether a script wrote the URL. */
  readonly url: boolean;
  /** A body that a script wrote. */
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** With the type of its body, whoever named it: it tells how a secret is escaped in there. */
const typed = ({ headers, body }: OwnWords, type: string | null): HeaderPairs =>
  body === null || type === null || hasHeader(headers, "content-type")
    ? headers
    : [...headers, ["content-type", type]];

/**
 * Fills in what a leg's own words name, and nothing that its sender wrote: that stays in the platform's object. `used` is told
 * of what was filled in.
 */
export const fillLeg = (
  own: OwnWords,
  { placeholders }: Pick<HitGrants, "placeholders">,
  policy: FillPolicy,
  used: (secretIds: readonly string[]) => void,
): SecretFilling => {
  let carried: readonly Placeholder[] = [];
  return {
    fillIn: (outgoing) => {
      const { method, url } = outgoing;
      const written = typed(own, outgoing.headers.get("content-type"));
      const body =
        own.body === null ? ({ kind: "foreign" } as const) : { kind: "bytes" as const, bytes: own.body };
      const filled = fill({ method, url, headers: written, body }, placeholders, policy);
      if (filled.kind === "refused") {
        return Promise.resolve({ kind: "not-allowed", message: filled.error.message });
      }
      carried = filled.carried;
      if (carried.length === 0) return Promise.resolve({ kind: "filled", outgoing });
      used(carried.map(({ secret }) => secret.id));
      const { request } = filled;
      const headers = new Headers(outgoing.headers);
      // What is cut on the way back could not be masked; and the length is another.
      for (const name of ["range", "if-range"]) headers.delete(name);
      if (request.body.kind === "bytes") headers.delete("content-length");
      for (const [name] of written) headers.delete(name);
      for (const [name, value] of request.headers) headers.append(name, value);
      headers.set("accept-encoding", "identity");
      return Promise.resolve({
        kind: "filled",
        outgoing: {
          ...outgoing,
          // The sender's stays the text that it was.
          url: own.url ? request.url : url,
          headers,
          body: request.body.kind === "bytes" ? request.body : outgoing.body,
        },
      });
    },
    holdsSecret: (location) => {
      const mask = maskOfCarried(carried);
      return mask.text(location) !== location;
    },
    maskAnswer: (answer) => (carried.length === 0 ? answer : maskedAnswer(answer, carried)),
  };
};
