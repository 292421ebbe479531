import type { FieldError } from "../../lib/errors.ts";
import { GRANTED_BYTES } from "../../secrets/index.ts";
import type { SecretHead } from "../../secrets/index.ts";
import { DEFAULTS, type SecretsGranted } from "./definition.ts";
import type { SecretsInput } from "./input.ts";

const bytesOf = (heads: readonly SecretHead[]): number => heads.reduce((sum, { bytes }) => sum + bytes, 0);

/** Names as the caller knows them, ids as they are kept: a rename keeps a grant, and a namesake gets none. */
const idsOf = (
  names: readonly string[],
  heads: readonly SecretHead[],
  faults: FieldError[],
): readonly string[] => {
  const known = new Map(heads.map(({ id, name }) => [name, id]));
  const ids = names.map((name, index) => {
    const id = known.get(name);
    if (id === undefined) {
      const message = `There is no secret ${JSON.stringify(name)}: make it first, with POST /api/v1/secrets.`;
      faults.push({ path: `secrets.names.${index}`, message });
    }
    return id;
  });
  return [...new Set(ids.filter((id) => id !== undefined))];
};

/** Of a definition that is kept, what is still there: a secret that was deleted is granted to nobody. */
const idsThatAre = (ids: readonly string[], heads: readonly SecretHead[]): readonly string[] => {
  const known = new Set(heads.map(({ id }) => id));
  return ids.filter((id) => known.has(id));
};

const selectedOf = (
  given: SecretsInput | SecretsGranted,
  heads: readonly SecretHead[],
  faults: FieldError[],
): readonly string[] => {
  if ("ids" in given) return given.mode === "selected" ? idsThatAre(given.ids, heads) : [];
  const names = given.names ?? [];
  if (given.mode === "selected") {
    if (given.names === undefined) {
      faults.push({ path: "secrets.names", message: "Say which: `selected` goes with `names`." });
    }
    return idsOf(names, heads, faults);
  }
  if (names.length > 0) {
    faults.push({ path: "secrets.names", message: 'Names go with `"mode": "selected"` only.' });
  }
  return [];
};

/** `heads` are those of the account; none are needed where none are granted. */
export const checkSecrets = (
  given: SecretsInput | SecretsGranted | null | undefined,
  heads: readonly SecretHead[],
  faults: FieldError[],
): SecretsGranted => {
  if (given === null || given === undefined) return DEFAULTS.secrets;
  const ids = selectedOf(given, heads, faults);
  const { mode, reveal = false } = given;
  if (mode === "none" && reveal) {
    faults.push({ path: "secrets.reveal", message: "There is nothing to reveal: no secret is granted." });
  }
  const granted = mode === "all" ? heads : heads.filter(({ id }) => ids.includes(id));
  const bytes = bytesOf(granted);
  if (mode !== "none" && bytes > GRANTED_BYTES) {
    const message = `A responder is granted at most ${GRANTED_BYTES} bytes of secrets: these have ${bytes}. Grant those that it needs.`;
    faults.push({ path: "secrets", message });
  }
  return { mode, ids, reveal };
};
