import { AppError, invalid } from "../../lib/errors.ts";
import { GRANTED_BYTES } from "../limits.ts";
import { holderOfName, listHeads, type SecretHead } from "../store.ts";
import type { ManageDeps } from "./deps.ts";

/** Throws when a value of this size would give a responder more than it may be granted. */
export const assertGrantable = async (
  deps: ManageDeps,
  accountId: string,
  change: Pick<SecretHead, "id" | "bytes">,
): Promise<void> => {
  const others = (await listHeads(deps.db, accountId)).filter(({ id }) => id !== change.id);
  const all = [...others, change];
  // Nobody has more than all.
  if (all.reduce((sum, { bytes }) => sum + bytes, 0) <= GRANTED_BYTES) return;
  const overloaded = await deps.overloadedBy(accountId, all, GRANTED_BYTES);
  if (overloaded === undefined) return;
  const { id, name, bytes } = overloaded;
  const problem = `With it the responder "${name}" (${id}) would be granted ${bytes} bytes of secrets, and may have ${GRANTED_BYTES}.`;
  throw invalid("value", `${problem} Grant it fewer first.`);
};

/** Says by which secret a name is taken. The holder may have gone since the save failed. */
export const nameTaken = async (deps: ManageDeps, accountId: string, name: string): Promise<AppError> => {
  const holder = (await holderOfName(deps.db, accountId, name)) ?? "another";
  const message = `The name "${name}" is taken by the secret ${holder}.`;
  return new AppError("conflict", message, { errors: [{ path: "name", message }] });
};
