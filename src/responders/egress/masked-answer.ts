import type { HeaderPairs } from "../../lib/headers.ts";
import { type EgressAnswer, EgressError } from "../../runtime/index.ts";
import { maskAnswer, type Placeholder } from "../../secrets/index.ts";

const UNREADABLE = new EgressError({
  kind: "broken",
  message: "Upstream request failed: its body has a content-encoding in which a secret cannot be hidden",
});

/** The platform's own, of pairs. */
export const headersOf = (pairs: HeaderPairs): Headers => {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
};

/** Nothing of it may be passed on. */
const withheld = (answer: EgressAnswer): EgressAnswer => ({
  ...answer,
  statusText: "",
  headers: new Headers(),
  body: new ReadableStream({ start: (controller) => controller.error(UNREADABLE) }),
});

/** An answer without the secrets that its request carried. Its body has the `content-encoding` that its headers name. */
export const maskedAnswer = (answer: EgressAnswer, carried: readonly Placeholder[]): EgressAnswer => {
  const { status, statusText, headers, body } = answer;
  const found = maskAnswer({ status, statusText, headers: [...headers], body }, carried);
  if (found.kind === "unreadable") {
    void body?.cancel().catch(() => undefined);
    return withheld(answer);
  }
  const { headers: left, ...rest } = found.answer;
  return { ...answer, ...rest, headers: headersOf(left) };
};
