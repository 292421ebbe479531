import {
  type EgressAnswer,
  type EgressBody,
  EgressError,
  type Outgoing,
  type SecretFilling,
} from "../../runtime/index.ts";
import {
  createMask,
  fill,
  type FillPolicy,
  maskAnswer,
  type OutgoingBody,
  type Placeholder,
  type Placeholders,
} from "../../secrets/index.ts";
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
  /** Told how many bytes are looked through on their way back. */
  readonly masking: (bytes: number) => void;
}

const pairsOf = (headers: Headers): readonly (readonly [string, string])[] => [...headers];

const headersOf = (pairs: readonly (readonly [string, string])[]): Headers => {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
};

const UNREADABLE = new EgressError({
  kind: "broken",
  message: "Upstream request failed: its body has a content-encoding in which a secret cannot be hidden",
});

/** Nothing of it may be passed on. */
const withheld = (answer: EgressAnswer): EgressAnswer => ({
  ...answer,
  statusText: "",
  headers: new Headers(),
  body: new ReadableStream({ start: (controller) => controller.error(UNREADABLE) }),
});

const masked = (
  answer: EgressAnswer,
  carried: readonly Placeholder[],
  { decodes, masking }: Pick<FillingRules, "decodes" | "masking">,
): EgressAnswer => {
  const { status, statusText, headers } = answer;
  const body = answer.body && watchStream(answer.body, { passed: masking });
  const told = new Headers(headers);
  // By the time that anybody sees the body, it is decoded.
  if (decodes(headers)) for (const name of ["content-encoding", "content-length"]) told.delete(name);
  const found = maskAnswer({ status, statusText, headers: pairsOf(told), body }, carried);
  if (found.kind === "unreadable") {
    void body?.cancel().catch(() => undefined);
    return withheld(answer);
  }
  const { headers: left, ...rest } = found.answer;
  return { ...answer, ...rest, headers: headersOf(left) };
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
      const request = { method, url, headers: pairsOf(headers), body: bodyOf(body) };
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
      const mask = createMask([...carried].map(({ secret }) => secret));
      return mask.text(location) !== location;
    },
    maskAnswer: (answer) => (carried.size === 0 ? answer : masked(answer, [...carried], rules)),
  };
};
