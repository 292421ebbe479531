import { AppError } from "../../lib/errors.ts";
import type { Db } from "../../storage/index.ts";
import type { LibraryDeps } from "./deps.ts";
import { holderOfName, type ScriptRow } from "./store.ts";
import { importersOf, readersOfName } from "./uses/store.ts";

const MOST_NAMED = 10;

interface User {
  readonly id: string;
  readonly name: string;
}

/** Each once, the first ten of them by name. */
const named = (scripts: readonly User[], responders: readonly User[]): string => {
  const texts = new Map([
    ...scripts.map(({ id, name }) => [id, `the script ${name} (${id})`] as const),
    ...responders.map(({ id, name }) => [id, `the responder "${name}" (${id})`] as const),
  ]);
  const shown = [...texts.values()].slice(0, MOST_NAMED);
  const more = texts.size - shown.length;
  return shown.join(", ") + (more > 0 ? `, and ${more} more` : "");
};

const conflict = (path: string, message: string): AppError =>
  new AppError("conflict", message, { errors: [{ path, message }] });

/** Says by which script. It may have gone since the save failed. */
export const nameTaken = async (
  db: Db,
  { accountId, name }: Pick<ScriptRow, "accountId" | "name">,
): Promise<AppError> => {
  const holder = (await holderOfName(db, accountId, name)) ?? "another";
  return conflict("name", `The name ${name} is taken by the script ${holder}.`);
};

/** A rename would break what imports it by its name: those who `ref` it follow by its id. */
export const assertNameUnread = async (
  { db, followers }: Pick<LibraryDeps, "db" | "followers">,
  { id, name }: Pick<ScriptRow, "id" | "name">,
): Promise<void> => {
  const [scripts, responders] = await Promise.all([readersOfName(db, id), followers.readersOfName(id)]);
  if (scripts.length + responders.length === 0) return;
  const problem = `${name} cannot be renamed while sources import it by this name: ${named(scripts, responders)}.`;
  throw conflict("name", problem);
};

export const assertUnused = async (
  { db, followers }: Pick<LibraryDeps, "db" | "followers">,
  { id, name }: Pick<ScriptRow, "id" | "name">,
): Promise<void> => {
  const [scripts, responders] = await Promise.all([importersOf(db, id), followers.usersOf(id)]);
  const others = scripts.filter((user) => user.id !== id);
  if (others.length + responders.length === 0) return;
  throw conflict("", `${name} is used, and cannot be deleted: by ${named(others, responders)}.`);
};
