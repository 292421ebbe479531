import type { RunSecrets } from "../../src/scripts/index.ts";
import {
  createPlaceholders,
  createSecretPowers,
  type GrantedSecret,
  type Placeholders,
} from "../../src/secrets/index.ts";

export interface Grants {
  readonly granted: RunSecrets;
  readonly secrets: readonly GrantedSecret[];
  readonly placeholders: Placeholders;
  /** Ids of the secrets that were used, each as often as it was. */
  readonly used: string[];
}

export interface GrantsOptions {
  readonly revealed?: boolean;
  readonly now?: () => number;
  readonly expand?: boolean;
  readonly randomBytes?: (count: number) => Uint8Array;
}

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** Secrets by name, as a run is granted them. */
export const secretsOf = (
  values: Readonly<Record<string, string>>,
  { revealed = false, now = Date.now, expand = false, randomBytes = random }: GrantsOptions = {},
): Grants => {
  const secrets = Object.entries(values).map(([name, value]): GrantedSecret => ({
    id: `sec_${name}`,
    name,
    version: 1,
    value,
    hosts: ["api.example.com"],
    places: ["header:authorization"],
  }));
  const placeholders = createPlaceholders(secrets, randomBytes);
  const used: string[] = [];
  const powers = createSecretPowers({ secrets, placeholders, now, expand, used: (id) => used.push(id) });
  const texts = secrets.map(({ value }, place) => (revealed ? value : (placeholders.of(place)?.text ?? "")));
  return {
    granted: { names: secrets.map(({ name }) => name), texts, revealed, powers },
    secrets,
    placeholders,
    used,
  };
};
