import type { Db } from "../../storage/index.ts";
import type { LibraryUnit, LoadScript } from "../compiled.ts";
import { readUnit } from "../read-compiled.ts";
import { findUnit, nameOfScript, type UnitRow } from "./store.ts";

/** The library of one account as one save sees it: what was read once is not read again. */
export interface Library {
  readonly accountId: string;
  readonly load: LoadScript;
  /** The name that a script has now; `undefined` when it is gone. */
  readonly nameOf: (scriptId: string) => Promise<string | undefined>;
}

const unitOf = ({ compiled, ...row }: UnitRow): LibraryUnit => {
  const unit = readUnit(JSON.parse(compiled));
  if (unit === undefined)
    throw new Error(`The stored version ${row.version} of ${row.scriptId} is not readable.`);
  return { ...row, unit };
};

/** `pending`: a version that is about to be saved counts as the latest of its script, under the name it has there. */
export const openLibrary = (db: Db, accountId: string, pending?: LibraryUnit): Library => {
  const units = new Map<string, Promise<LibraryUnit | undefined>>();

  const read: LoadScript = async (name, version) => {
    if (pending?.name === name && (version ?? pending.version) === pending.version) return pending;
    // An earlier version of a script that is renamed in the same save goes by its new name only.
    const by = pending?.name === name ? { scriptId: pending.scriptId } : { name };
    const row = await findUnit(db, accountId, by, version);
    if (row === undefined || (row.scriptId === pending?.scriptId && pending.name !== name)) return undefined;
    return unitOf({ ...row, name });
  };

  return {
    accountId,
    load: (name, version) => {
      const key = `${name}@${version ?? ""}`;
      const found = units.get(key) ?? read(name, version);
      units.set(key, found);
      return found;
    },
    nameOf: async (scriptId) =>
      scriptId === pending?.scriptId ? pending.name : nameOfScript(db, accountId, scriptId),
  };
};
