import { utf8 } from "../../lib/bytes.ts";
import type { GrantedSecret } from "../granted.ts";
import type { Placeholders } from "../placeholders.ts";
import type { SignedRequest } from "../webhooks/scheme.ts";
import { readScheme } from "../webhooks/verify.ts";
import { expandBytes } from "./expand.ts";
import { hmac, type HashName, keyBytes, type KeyForm, prefixed } from "./hmac.ts";
import type { KeyFault } from "./key-material.ts";
import { isSameSecretly } from "./same-bytes.ts";
import { readSigningKey, type SigningAlgorithm, type SigningKey, signWith } from "./signing-key.ts";

type Bytes = Uint8Array<ArrayBuffer>;

interface Refusal {
  readonly kind: "refused";
  readonly because: "usage" | "value";
  readonly message: string;
}
type Result = { readonly kind: "derived"; readonly bytes: Bytes } | Refusal;

interface HmacSettings {
  readonly hash: HashName;
  readonly key: KeyForm;
  readonly prefix: string;
}

interface Message {
  readonly settings: ReadonlyMap<string, unknown>;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Bytes;
}

type Verified =
  | { readonly kind: "verified"; readonly place: number }
  | { readonly kind: "unverified"; readonly reason: string };

/**
 * What a run may do with the secrets that it was granted, each named by its place among them: the powers that the sandbox's
 * capability `secrets` is handed. They tell what is worked out of a secret, and never any of its text.
 */
export interface SecretOperations {
  readonly count: number;
  readonly equals: (place: number, data: Bytes) => boolean;
  readonly hmac: (place: number, settings: HmacSettings, data: Bytes) => Result;
  readonly signingKey: (place: number) => SigningKey["cost"] | null;
  readonly sign: (place: number, algorithm: SigningAlgorithm, data: Bytes) => Promise<Result>;
  readonly verify: (places: readonly number[], message: Message) => Verified | Refusal;
  readonly basicAuth: (place: number, user: string) => string;
}

export interface SecretPowersDeps {
  readonly secrets: readonly GrantedSecret[];
  /** Of these secrets, by the same places. */
  readonly placeholders: Placeholders;
  /** In ms since the epoch; in a replay, when the request was recorded. */
  readonly now: () => number;
  /** In a replay, placeholders stand in what was recorded where secrets stood: data that is compared or hashed has them put back. */
  readonly expand: boolean;
  /** Told the id of each secret that is used. */
  readonly used: (id: string) => void;
}

const refused = (because: Refusal["because"], message: string): Refusal => ({
  kind: "refused",
  because,
  message,
});
const derived = (bytes: Bytes): Result => ({ kind: "derived", bytes });

const FORMS: Readonly<Record<KeyForm, string>> = {
  text: "text",
  base64: "base64",
  hex: "hex",
  whsec: "base64 (with or without whsec_ before it)",
};

export const createSecretPowers = ({
  secrets,
  placeholders,
  now,
  expand,
  used,
}: SecretPowersDeps): SecretOperations => {
  const keys = new Map<number, SigningKey | KeyFault>();

  const use = (place: number): GrantedSecret => {
    const secret = secrets[place];
    // The capability has checked it: anything else is a bug.
    if (secret === undefined) throw new RangeError("there is no such secret");
    used(secret.id);
    return secret;
  };
  const keyOf = (place: number): SigningKey | KeyFault => {
    const key = keys.get(place) ?? readSigningKey(secrets[place]?.value ?? "");
    keys.set(place, key);
    return key;
  };
  const whole = (data: Bytes): Bytes => (expand ? expandBytes(data, placeholders) : data);

  const requestOf = ({ url, headers, body }: Message): SignedRequest => ({
    url,
    header: (name) => {
      const values = headers.filter(([key]) => key === name).map(([, value]) => value);
      return values.length === 0 ? undefined : values.join(", ");
    },
    body,
    asSigned: whole,
  });

  return {
    count: secrets.length,

    equals: (place, data) => isSameSecretly(utf8(use(place).value), whole(data)),

    hmac: (place, { hash, key, prefix }, data) => {
      const { name, value } = use(place);
      const bytes = keyBytes(value, key);
      if (bytes === undefined)
        return refused("value", `The secret ${name} is not ${FORMS[key]}, as \`key\` says.`);
      return derived(hmac(hash, prefixed(prefix, bytes), whole(data)));
    },

    signingKey: (place) => {
      const key = keyOf(place);
      return key.kind === "fault" ? null : key.cost;
    },

    sign: async (place, algorithm, data) => {
      const { name } = use(place);
      const key = keyOf(place);
      const signed = key.kind === "fault" ? key : await signWith(key, algorithm, data);
      return "fault" in signed ? refused("value", `The secret ${name} ${signed.fault}`) : derived(signed);
    },

    verify: (places, message) => {
      const read = readScheme(message.settings);
      if (read.kind === "fault") return refused("usage", read.fault);
      const tried = places.map(use).map(({ name, value }) => ({ name, text: value }));
      const verdict = read.scheme(requestOf(message), tried, {
        now: now(),
        toleranceSeconds: read.toleranceSeconds,
      });
      if (!verdict.ok) return { kind: "unverified", reason: verdict.reason };
      return { kind: "verified", place: places[verdict.at] ?? 0 };
    },

    basicAuth: (place, user) => {
      use(place);
      return placeholders.ofBasicAuth(place, user)?.text ?? "";
    },
  };
};
