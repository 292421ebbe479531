import { decodingBytes } from "../../lib/content-coding.ts";
import type { EgressAnswer, EgressBody, Outgoing, SecretFilling } from "../../runtime/index.ts";
import {
  carriedMaskBytes,
  fill,
  type FillPolicy,
  maskOfCarried,
  type OutgoingBody,
  type Placeholder,
  type Placeholders,
} from "../../secrets/index.ts";
import { headersOf, maskedAnswer } from "./masked-answer.ts";
import { watchStream } from "./watch-stream.ts";

export interface FillingRules {
  readonly placeholders: Placeholders;
  readonly policy: FillPolicy;
  /** The body is the script's own words: in any other, no placeholder is looked for. */
  readonly isOwnBody: boolean;
  /** Whether the platform undoes the coding of the answer's body as it is read. */
  readonly decodes: (headers: Headers) => boolean;
  /** Told which secrets have left, by their ids. */
  readonly used: (secretIds: readonly string[]) => void;
  /** Told what of this machine's memory is taken until the answer is over, in bytes: to find secrets by, and to decode it. */
  readonly looking: (taken: { readonly mask: number; readonly decoding: number }) => void;
  /** Told how many bytes are looked through on their way back. */
  readonly masking: (bytes: number) => void;
}

/** By the time that anybody sees a body that the platform decodes, it is. */
const asRead = (answer: EgressAnswer, { decodes, masking }: FillingRules): EgressAnswer => {
  const headers = new Headers(answer.headers);
  if (answer.body !== null && decodes(headers)) {
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  }
  return { ...answer, headers, body: answer.body && watchStream(answer.body, { passed: masking }) };
};

/** How a run's secrets get into one of its requests, and stay out of the answer. */
export const fillRequest = (rules: FillingRules): SecretFilling => {
  const { placeholders, policy, isOwnBody, used } = rules;
  /** Of all hops: whoever had one of them may have told the next. */
  const carried = new Set<Placeholder>();

  const bodyOf = (body: EgressBody | null): OutgoingBody => {
    if (body === null) return { kind: "none" };
    return body.kind === "bytes" && isOwnBody ? body : { kind: "foreign" };
  };
  const withSecrets = (
    outgoing: Outgoing,
    { url, headers, body }: Extract<ReturnType<typeof fill>, { kind: "filled" }>["request"],
  ): Outgoing => ({
    ...outgoing,
    url,
    headers: headersOf(headers),
    body: body.kind === "bytes" ? body : outgoing.body,
  });

  return {
    fillIn: (outgoing) => {
      const { method, url, headers, body } = outgoing;
      const request = { method, url, headers: [...headers], body: bodyOf(body) };
      const filled = fill(request, placeholders, policy);
      if (filled.kind === "refused") {
        return Promise.resolve({ kind: "not-allowed", message: filled.error.message });
      }
      if (filled.carried.length === 0) return Promise.resolve({ kind: "filled", outgoing });
      for (const placeholder of filled.carried) carried.add(placeholder);
      used(filled.carried.map(({ secret }) => secret.id));
      return Promise.resolve({ kind: "filled", outgoing: withSecrets(outgoing, filled.request) });
    },
    holdsSecret: (location) => {
      const mask = maskOfCarried([...carried]);
      return mask.text(location) !== location;
    },
    maskAnswer: (answer) => {
      if (carried.size === 0) return answer;
      const read = asRead(answer, rules);
      rules.looking({
        mask: carriedMaskBytes([...carried]),
        decoding: decodingBytes(read.headers.get("content-encoding")),
      });
      return maskedAnswer(read, [...carried]);
    },
  };
};
