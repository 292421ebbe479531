import { AppError } from "../../lib/errors.ts";
import type { Db } from "../../storage/index.ts";
import type { Save } from "./saves/store.ts";
import { holderOfName, holderOfRoute } from "./store.ts";

const conflict = (path: string, message: string): AppError =>
  new AppError("conflict", message, { errors: [{ path, message }] });

/** Says by whom a name or a route is taken. The holder may have gone since the save failed. */
export const conflictOf = async (
  db: Db,
  save: Save,
  taken: "name-taken" | "route-taken",
): Promise<AppError> => {
  const { row, claim } = save;
  if (taken === "name-taken") {
    const holder = (await holderOfName(db, row.accountId, row.name)) ?? "another";
    return conflict("name", `The name "${row.name}" is taken by the responder ${holder}.`);
  }
  const holder = await holderOfRoute(db, save);
  if (holder === undefined) return conflict("path", "The route was taken a moment ago. Try again.");
  const where = claim.label === "" ? "" : ` under the label ${claim.label}`;
  const problem = `${holder.method} of a path of this shape${where} is taken by the responder "${holder.name}" (${holder.id}).`;
  return conflict("path", `${problem} Names of parameters do not tell paths apart.`);
};
