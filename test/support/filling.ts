import { fill, type Filled, type FillPolicy, type OutgoingRequest } from "../../src/secrets/index.ts";
import {
  createPlaceholders,
  type GrantedSecret,
  type Placeholder,
  type Placeholders,
} from "../../src/secrets/index.ts";

export const STRIPE = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

export const secret = (name: string, value: string, more: Partial<GrantedSecret> = {}): GrantedSecret => ({
  id: `sec_${name.toLowerCase()}`,
  name,
  version: 1,
  value,
  hosts: ["api.stripe.com"],
  places: ["header:authorization"],
  ...more,
});

/** A run's placeholders, and their texts by the names of the secrets. */
export const runOf = (secrets: readonly GrantedSecret[]) => {
  let turn = 0;
  // As if random, and the same each time.
  const placeholders = createPlaceholders(secrets, (count) =>
    Uint8Array.from({ length: count }, () => (turn = (turn * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16),
  );
  const text = (name: string): string => placeholders.of(placeOf(name))?.text ?? "";
  const placeOf = (name: string): number => secrets.findIndex((each) => each.name === name);
  const basic = (name: string, user: string): string =>
    placeholders.ofBasicAuth(placeOf(name), user)?.text ?? "";
  return { placeholders, text, basic };
};

export const HTTPS_ONLY: FillPolicy = { allowsPlainHttp: () => false };

export const filled = (
  placeholders: Placeholders,
  request: Partial<OutgoingRequest>,
  policy: FillPolicy = HTTPS_ONLY,
): Filled =>
  fill(
    { method: "POST", url: "https://api.stripe.com/v1", headers: [], body: { kind: "none" }, ...request },
    placeholders,
    policy,
  );

/** The request that leaves, or why it does not. */
export const outcome = (result: Filled): OutgoingRequest | string =>
  result.kind === "filled" ? result.request : result.error.message;

export const carriedBy = (result: Filled): readonly Placeholder[] =>
  result.kind === "filled" ? result.carried : [];
