import type { Db } from "../../storage/index.ts";
import { eraseSome } from "./saves/store.ts";

/** Each with up to some hundred versions: a statement of D1 must end within 30 s. */
const AT_ONCE = 20;

/** The library of an account. May be called again, and is when it fails half-way. */
export const eraseLibrary = async (db: Db, accountId: string): Promise<void> => {
  while ((await eraseSome(db, accountId, AT_ONCE)) === AT_ONCE);
};
