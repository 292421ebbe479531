import { z } from "@hono/zod-openapi";
import { DEFAULT_TERMS, type SavedSecret, type Secret, VALUE_BYTES } from "../secrets/index.ts";
import { EtagShown, shownTime, shownTimeOrNull, TimeShown } from "./fields.ts";
import { WarningShown } from "./responders-shown.ts";

/*
 * Shapes only: what hosts and places mean is the verbs' to check. `pattern` and such tell readers of the document what
 * the verbs take; the verbs have words for the rest, and never repeat a value.
 */
const NameField = z.string().openapi({
  pattern: "^[A-Za-z][A-Za-z0-9_-]{0,127}$",
  description: "By which scripts use it. Unique in the account.",
  example: "STRIPE_KEY",
});

const ValueField = z.string().openapi({
  minLength: 1,
  maxLength: VALUE_BYTES,
  format: "password",
  writeOnly: true,
  description: `1 to ${VALUE_BYTES} bytes in UTF-8. No answer ever holds it. Given, it is a new version, even when it is the same.`,
});

const HostsField = z.array(z.string()).openapi({
  maxItems: 50,
  uniqueItems: true,
  default: [...DEFAULT_TERMS.hosts],
  example: ["api.stripe.com", "*.example.com"],
  description:
    "Where it may be sent: `host` (https on 443), `host:port`, or `*.domain` (every name below, on 443). Plain http only " +
    "where the operator's EGRESS_ALLOW names the host. Refused: `*` alone, a wildcard on a public suffix like " +
    "`*.github.io`, addresses and names of this machine unless EGRESS_ALLOW names them, and our own hosts. " +
    "Without hosts scripts can sign, verify and compare with it, and send it nowhere. Replaced whole.",
});

const PlacesField = z
  .array(
    z.string().openapi({ pattern: "^(?:query|path|form|json|header:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100})$" }),
  )
  .openapi({
    maxItems: 20,
    uniqueItems: true,
    default: [...DEFAULT_TERMS.places],
    description:
      "In which places of a request: `header:NAME`, `query`, `path`, `form`, `json`. Replaced whole.",
  });

export const SecretGiven = z
  .strictObject({
    name: NameField,
    value: ValueField,
    hosts: HostsField.optional(),
    in: PlacesField.optional(),
  })
  .openapi("SecretInput", {
    example: {
      name: "STRIPE_KEY",
      value: "sk_live_…",
      hosts: ["api.stripe.com"],
      in: ["header:authorization"],
    },
  });

/** As RFC 7396 has it: `null` gives a field its default again. */
export const SecretPatchGiven = z
  .strictObject({
    name: NameField.optional(),
    value: ValueField.optional(),
    hosts: HostsField.nullable().optional(),
    in: PlacesField.nullable().optional(),
  })
  .openapi("SecretPatch", { example: { value: "sk_live_…" } });

const UserShown = z
  .object({
    id: z.string().openapi({ example: "rsp_01jz3v8q6hft2m5x9k7w4c0b1d" }),
    name: z.string(),
    granted: z.boolean().openapi({ description: "By its `secrets`." }),
    used: z.boolean().openapi({ description: "Its scripts or its default response name it." }),
  })
  .openapi("SecretUser");

const secretShown = {
  id: z.string().openapi({ example: "sec_01jz3v8q6hft2m5x9k7w4c0b1d" }),
  name: z.string(),
  hosts: z.array(z.string()).readonly().openapi({ description: "As the URL parser writes them." }),
  in: z.array(z.string()).readonly(),
  version: z.int().openapi({ minimum: 1, description: "Of the value. A change of anything else leaves it." }),
  usedBy: z
    .array(UserShown)
    .readonly()
    .openapi({ description: "Responders, newest first, a hundred at most." }),
  lastUsedAt: TimeShown.nullable().openapi({ description: "By a run. To the minute." }),
  createdAt: TimeShown,
  updatedAt: TimeShown,
  etag: EtagShown,
};

export const SecretShown = z.object(secretShown).openapi("Secret");

export const SavedSecretShown = z
  .object({
    ...secretShown,
    warnings: z.array(WarningShown).readonly().openapi({
      description:
        "What will not do what its author seems to want. Nothing of it keeps the secret from working.",
    }),
  })
  .openapi("SavedSecret");

export const RotationShown = z
  .object({
    rewrapped: z.int().openapi({ description: "By this call." }),
    left: z.int().openapi({
      description: "What another call can go on with. At 0 the older keys can be taken out of MASTER_KEYS.",
    }),
    failed: z.int().openapi({
      description:
        "Secrets that no key of MASTER_KEYS opens; not among those that are left. Their values must be given again.",
    }),
  })
  .openapi("SecretRotation");

export const showSecret = (secret: Secret): z.input<typeof SecretShown> => ({
  id: secret.id,
  name: secret.name,
  hosts: secret.hosts,
  in: secret.places,
  version: secret.version,
  usedBy: secret.usedBy,
  lastUsedAt: shownTimeOrNull(secret.lastUsedAt),
  createdAt: shownTime(secret.createdAt),
  updatedAt: shownTime(secret.updatedAt),
  etag: secret.etag,
});

export const showSavedSecret = (
  secret: SavedSecret,
): { readonly body: z.input<typeof SavedSecretShown>; readonly etag: string } => ({
  body: { ...showSecret(secret), warnings: secret.warnings },
  etag: secret.etag,
});
