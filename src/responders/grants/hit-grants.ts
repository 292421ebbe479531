import { Buffer } from "node:buffer";
import { createPlaceholders, PLACEHOLDER, type Placeholders } from "../../secrets/index.ts";
import type { GrantDeps } from "./deps.ts";
import { type Grants, NO_GRANTS, openGrants, type RoutedSecrets } from "./grant.ts";
import { type Redact, redactBy, redactTexts } from "./redact.ts";

/** What one hit may do with secrets. Made before its body is read: what is refused then is recorded too. */
export interface HitGrants {
  readonly grants: Grants;
  readonly reveal: boolean;
  /** What the script sees instead of them, in this run alone. */
  readonly placeholders: Placeholders;
  /** For all that is kept or shown of the hit; `null` when there is nothing to look for. */
  readonly redact: Redact | null;
}

const NOTHING: HitGrants = {
  grants: NO_GRANTS,
  reveal: false,
  placeholders: createPlaceholders([], () => new Uint8Array(0)),
  redact: null,
};

export const grantHit = async (
  deps: Pick<GrantDeps, "resolveSecrets" | "randomBytes">,
  accountId: string,
  routed: RoutedSecrets | null,
): Promise<HitGrants> => {
  if (routed === null) return NOTHING;
  const grants = await openGrants(deps, accountId, routed);
  const secrets = grants.kind === "granted" ? grants.secrets : [];
  return {
    grants,
    reveal: routed.reveal,
    placeholders: createPlaceholders(secrets, deps.randomBytes),
    redact: redactBy(grants.mask),
  };
};

/**
 * …for a replay, in which a placeholder stands where a mark stood: it becomes a mark again in what is kept and shown, so
 * that the answer compares with the recorded one.
 */
export const grantReplay = async (
  deps: Pick<GrantDeps, "resolveSecrets" | "randomBytes">,
  accountId: string,
  routed: RoutedSecrets | null,
): Promise<HitGrants> => {
  const granted = await grantHit(deps, accountId, routed);
  const { grants, redact, placeholders } = granted;
  if (redact === null || grants.kind === "unopened") return granted;
  const marked = (text: string): string =>
    text.replaceAll(PLACEHOLDER, (found) => {
      const name = placeholders.find(found)?.secret.name;
      return name === undefined ? found : `[secret ${name}]`;
    });
  return {
    ...granted,
    redact: {
      ...redactTexts({
        text: (given) => marked(redact.text(given)),
        beginning: (given) => marked(redact.beginning(given)),
      }),
      body: async (bytes, headers, most) => {
        const left = await redact.body(bytes, headers, most);
        if (left.bytes === null) return left;
        // Byte for byte: placeholders and marks are ASCII, whatever else the body is.
        const binary = marked(Buffer.from(left.bytes).toString("latin1"));
        return { ...left, bytes: new Uint8Array(Buffer.from(binary, "latin1")) };
      },
    },
  };
};
