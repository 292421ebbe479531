import type { Db } from "../../storage/index.ts";
import { hasSameGrants } from "../grants/grant.ts";
import { parseJson } from "../read.ts";
import { type Holder, OVERTAKEN } from "./content.ts";
import { readRouted } from "./read-routes.ts";
import { type ContentRow, readContentRow } from "./store.ts";

/** A text that the responder has now; `OVERTAKEN` where it would run with secrets that are no longer granted so. */
export const readCurrent = async (
  db: Db,
  holder: Holder,
  textOf: (row: ContentRow) => string | undefined,
): Promise<string | typeof OVERTAKEN | undefined> => {
  const row = await readContentRow(db, holder.id);
  if (row === undefined) return undefined;
  const isGrantedStill = holder.secrets === null || hasSameGrants(holder, readRouted(parseJson(row.routed)));
  return isGrantedStill ? textOf(row) : OVERTAKEN;
};
