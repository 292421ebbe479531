import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { AppError } from "../../lib/errors.ts";
import { newId } from "../../lib/id.ts";
import type { ScriptLanguage } from "../compiled.ts";
import { checkFields } from "./checks.ts";
import { nameTaken } from "./conflicts.ts";
import type { LibraryDeps } from "./deps.ts";
import { scriptOf } from "./read.ts";
import { insertScript } from "./saves/store.ts";
import type { SavedScript } from "./script.ts";
import { countScripts } from "./store.ts";
import { draftWarnings, prepareVersion } from "./version.ts";

export interface ScriptInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly source: string;
  readonly language?: ScriptLanguage | undefined;
  /** Only a draft: no version until it is published. */
  readonly draft?: boolean | undefined;
}

const TRIES = 5;

/** Scope `scripts:write`. `invalid`, `conflict` (a name that is taken), `over-limit`. */
export const createScript = async (
  deps: LibraryDeps,
  principal: Principal,
  input: ScriptInput,
): Promise<SavedScript> => {
  requireScope(principal, "scripts:write");
  const { db } = deps;
  const { account } = principal;
  const { name, description = "" } = input;
  const source = { source: input.source, language: input.language ?? "js" };
  checkFields({ name, description }, [source], account.limits);
  const draftSays = input.draft === true ? await draftWarnings(deps, principal, source) : [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const now = deps.now();
    const id = newId("scr", now);
    const prepared =
      input.draft === true
        ? null
        : await prepareVersion(deps, principal, { id, name, version: 1, now }, source);
    const row = {
      id,
      accountId: account.id,
      name,
      description,
      latest: prepared === null ? 0 : 1,
      draft: prepared === null ? JSON.stringify(source) : null,
      revision: 1,
      createdAt: now,
      updatedAt: now,
    };
    const ending = await insertScript(
      db,
      { row, version: prepared?.version ?? null, also: [] },
      account.limits.scripts,
    );
    if (ending === "saved") {
      return { ...(await scriptOf(deps, account.id, id)), warnings: prepared?.warnings ?? draftSays };
    }
    if (ending === "name-taken") throw await nameTaken(db, row);
    if ((await countScripts(db, account.id)) >= account.limits.scripts) {
      const problem = `The account may have ${account.limits.scripts} scripts, and has them. Delete one first.`;
      throw new AppError("over-limit", problem);
    }
    // What it imports has changed meanwhile, or the account is gone.
  }
  throw new AppError("unavailable", "What the script imports is being changed by others. Try again.");
};
