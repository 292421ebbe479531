import { type Principal, requireScope } from "../../accounts/index.ts";
import { utf8 } from "../../lib/bytes.ts";
import { AppError, type FieldError, refuse } from "../../lib/errors.ts";
import { newId } from "../../lib/id.ts";
import { seal } from "../envelope.ts";
import { countSecrets, insertSecret, type SecretRow } from "../store.ts";
import { writeTerms } from "../terms.ts";
import { assertGrantable, nameTaken } from "./refusals.ts";
import { check, DEFAULT_TERMS, type SecretInput } from "./check.ts";
import type { ManageDeps } from "./deps.ts";
import { loadPublicSuffixes } from "./public-suffix.ts";
import { usersOfOne } from "./read.ts";
import { type SavedSecret, secretOf } from "./secret.ts";
import { warningsOf } from "./warnings.ts";

/** `invalid`, `conflict` (name, saying by which), `over-limit`. */
export const createSecret = async (
  deps: ManageDeps,
  principal: Principal,
  input: SecretInput,
): Promise<SavedSecret> => {
  requireScope(principal, "secrets:write");
  const { account } = principal;
  const { name, value } = input;
  const faults: FieldError[] = [];
  const isPublicSuffix = await loadPublicSuffixes();
  const terms = check(input, DEFAULT_TERMS, { hosts: deps.hostRules, isPublicSuffix }, faults);
  refuse(faults);
  const now = deps.now();
  const bound = { id: newId("sec", now), accountId: account.id, version: 1, ...writeTerms(terms) };
  const bytes = utf8(value).length;
  await assertGrantable(deps, account.id, { id: bound.id, bytes });
  const row: SecretRow = {
    ...bound,
    ...(await seal(deps, bound, value)),
    name,
    bytes,
    revision: 1,
    lastUsedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  const ending = await insertSecret(deps.db, row, account.limits.secrets).finally(() =>
    deps.forget(account.id),
  );
  if (ending.kind === "name-taken") throw await nameTaken(deps, account.id, name);
  if (ending.kind === "overtaken") {
    if ((await countSecrets(deps.db, account.id)) < account.limits.secrets) {
      throw new AppError("not-found", "The account is gone.");
    }
    const problem = `The account may have ${account.limits.secrets} secrets, and has them. Delete one first.`;
    throw new AppError("over-limit", problem);
  }
  return { ...secretOf(row, await usersOfOne(deps, row)), warnings: warningsOf({ ...terms, bytes, value }) };
};
