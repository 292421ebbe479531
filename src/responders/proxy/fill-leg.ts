import type { HeaderPairs } from "../../lib/headers.ts";
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

/**
 * Fills in what a leg's own headers name, and nothing that its sender wrote. `own` are those headers with placeholders; the
 * others stay in the platform's object. `used` is told of what was filled in.
 */
export const fillLeg = (
  own: HeaderPairs,
  { placeholders }: Pick<HitGrants, "placeholders">,
  policy: FillPolicy,
  used: (secretIds: readonly string[]) => void,
): SecretFilling => {
  let carried: readonly Placeholder[] = [];
  return {
    fillIn: (outgoing) => {
      const { method, url } = outgoing;
      const filled = fill({ method, url, headers: own, body: { kind: "foreign" } }, placeholders, policy);
      if (filled.kind === "refused") {
        return Promise.resolve({ kind: "not-allowed", message: filled.error.message });
      }
      carried = filled.carried;
      if (carried.length === 0) return Promise.resolve({ kind: "filled", outgoing });
      used(carried.map(({ secret }) => secret.id));
      const headers = new Headers(outgoing.headers);
      // What is cut on the way back could not be masked.
      for (const name of ["range", "if-range"]) headers.delete(name);
      for (const [name] of own) headers.delete(name);
      for (const [name, value] of filled.request.headers) headers.append(name, value);
      headers.set("accept-encoding", "identity");
      return Promise.resolve({ kind: "filled", outgoing: { ...outgoing, headers } });
    },
    holdsSecret: (location) => {
      const mask = maskOfCarried(carried);
      return mask.text(location) !== location;
    },
    maskAnswer: (answer) => (carried.length === 0 ? answer : maskedAnswer(answer, carried)),
  };
};
