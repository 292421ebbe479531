import type { Db } from "../../storage/index.ts";
import { open } from "../envelope.ts";
import type { GrantedSecret } from "../granted.ts";
import type { Keyring } from "../keyring.ts";
import { GRANTED_BYTES } from "../limits.ts";
import { readGranted, type SecretRow } from "../store.ts";
import { readTerms } from "../terms.ts";

/** Which of its account's secrets a responder has. An id that is no longer there counts for nothing. */
export type SecretGrant =
  | { readonly mode: "all" }
  | { readonly mode: "selected"; readonly ids: readonly string[] };

/** What a run gets: all that it is granted, or nothing. */
export type Resolved =
  | {
      readonly kind: "granted";
      /** By name; the same array as long as this isolate remembers it. */
      readonly secrets: readonly GrantedSecret[];
    }
  | {
      readonly kind: "unopened";
      /** Whose fault it is; empty when none could be read. */
      readonly names: readonly string[];
      /** A sentence for the owner. */
      readonly reason: string;
    };

export interface LoadDeps {
  readonly db: Db;
  readonly keyring: Keyring | undefined;
}

const NO_KEYS = "This installation has no MASTER_KEYS: no secret can be opened. Ask the operator.";
const NOT_OPENED =
  "It does not open with this installation's MASTER_KEYS: the row or the keys were changed. Give its value again.";

const openOne = async (keyring: Keyring, row: SecretRow): Promise<GrantedSecret | string> => {
  const value = await open(keyring, row);
  const { id, name, version } = row;
  return value === undefined ? name : { id, name, version, value, ...readTerms(row) };
};

/** From the database. Rejects when that cannot be read. */
export const loadGranted = async (
  { db, keyring }: LoadDeps,
  accountId: string,
  grant: SecretGrant,
): Promise<Resolved> => {
  const ids = grant.mode === "all" ? undefined : grant.ids;
  const { heads, rows } = await readGranted(db, accountId, ids, keyring === undefined ? 0 : GRANTED_BYTES);
  if (heads.length === 0) return { kind: "granted", secrets: [] };
  const names = heads.map(({ name }) => name);
  if (keyring === undefined) return { kind: "unopened", names, reason: NO_KEYS };
  const bytes = heads.reduce((sum, head) => sum + head.bytes, 0);
  if (bytes > GRANTED_BYTES) {
    const reason = `The secrets granted have ${bytes} bytes together; one responder may have ${GRANTED_BYTES}. Grant fewer.`;
    return { kind: "unopened", names, reason };
  }
  const opened = await Promise.all(rows.map((row) => openOne(keyring, row)));
  const closed = opened.filter((one) => typeof one === "string");
  return closed.length > 0
    ? { kind: "unopened", names: closed, reason: NOT_OPENED }
    : { kind: "granted", secrets: opened.filter((one) => typeof one !== "string") };
};
