import type { Principal } from "../../accounts/index.ts";
import { AppError, refuse } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { assertFresh } from "../../lib/etag.ts";
import type { IfMatch } from "../../lib/etag.ts";
import { faultText } from "../fault-text.ts";
import { checkFields } from "./checks.ts";
import { assertNameUnread, nameTaken } from "./conflicts.ts";
import type { LibraryDeps } from "./deps.ts";
import type { Relinked, RelinkedResponder } from "./followers.ts";
import { scriptOf } from "./read.ts";
import { replaceScript, unreadByScripts } from "./saves/store.ts";
import { etagOfScript, noScript, parseLanguage, readDraft } from "./script.ts";
import type { SavedScript, ScriptSource } from "./script.ts";
import { findScript } from "./store.ts";
import type { ScriptRow, VersionRow } from "./store.ts";
import { prepareVersion } from "./version.ts";
import type { PreparedVersion } from "./version.ts";

const TRIES = 5;

/** A script as a change finds it. */
export interface Current {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly published: ScriptSource | null;
  readonly draft: ScriptSource | null;
}

/** What a change makes of it. */
export interface Change {
  readonly name?: string;
  readonly description?: string;
  /** Becomes the next version, unless it is what the latest one has. */
  readonly publish?: ScriptSource;
  readonly draft?: ScriptSource | null;
}

export interface Foreseen {
  /** Whether the call without `dryRun` makes a version. */
  readonly wouldPublish: boolean;
  /** All that follow the latest version. */
  readonly responders: readonly RelinkedResponder[];
}

/** One try of a change: everything that it would write. */
interface Plan {
  readonly row: ScriptRow;
  readonly prepared: PreparedVersion | null;
  readonly relinked: Relinked | null;
  readonly renames: boolean;
}

const sourceOf = (version: VersionRow | null): ScriptSource | null =>
  version && { source: version.source, language: parseLanguage(version.language) };

const isSame = (one: ScriptSource | null, other: ScriptSource | null): boolean =>
  one?.source === other?.source && one?.language === other?.language;

type Decide = (current: Current) => Change | Promise<Change>;

/** `changeScript`, or `foreseeChange` for a dry run. */
export type CarryOut<Result> = (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
  decide: Decide,
) => Promise<Result>;

const plan = async (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
  decide: Decide,
): Promise<Plan> => {
  const found = await findScript(deps.db, principal.account.id, id);
  if (found === undefined) throw noScript();
  const { script } = found;
  assertFresh(ifMatch, etagOfScript(script));
  const published = sourceOf(found.latest);
  const { name, description } = script;
  const change = await decide({ id, name, description, published, draft: readDraft(script.draft) });
  const next = {
    name: change.name ?? name,
    description: change.description ?? description,
    draft: change.draft === undefined ? script.draft : change.draft && JSON.stringify(change.draft),
  };
  const publish = change.publish !== undefined && !isSame(change.publish, published) ? change.publish : null;
  const texts = [publish, change.draft ?? null].filter((text) => text !== null);
  checkFields(next, texts, principal.account.limits);
  const renames = next.name !== name;
  if (renames) await assertNameUnread(deps, script);
  const version = publish === null ? script.latest : script.latest + 1;
  // Never before the save that it follows, whatever the clocks of two machines say.
  const now = Math.max(deps.now(), script.updatedAt);
  const prepared =
    publish && (await prepareVersion(deps, principal, { id, name: next.name, version, now }, publish));
  const relinked = prepared && (await deps.followers.relink(principal, prepared.library, id));
  const row = { ...script, ...next, latest: version, revision: script.revision + 1, updatedAt: now };
  return { row, prepared, relinked, renames };
};

/** The first fault of one that cannot follow. */
const brokenBy = ({ name, id, errors }: RelinkedResponder): readonly FieldError[] =>
  errors.slice(0, 1).map(({ path, message, line = null, column = null }) => ({
    path: "source",
    message: `The responder "${name}" (${id}), which follows this script, would no longer work: ${faultText(path, { message, line, column })}`,
  }));

/**
 * One change of the script as it is now, whole: when another change comes between, `decide` is asked again. With a new
 * version goes everything that follows the latest one; what cannot follow refuses it. `not-found`, `stale`, `invalid`,
 * `conflict` (a name that is taken, or read), `forbidden` (secrets of a follower), `over-limit` (too many followers).
 */
export const changeScript: CarryOut<SavedScript> = async (deps, principal, id, ifMatch, decide) => {
  const { db, followers } = deps;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { row, prepared, relinked, renames } = await plan(deps, principal, id, ifMatch, decide);
    refuse((relinked?.responders ?? []).flatMap(brokenBy));
    await relinked?.put();
    const ending = await replaceScript(db, {
      row,
      version: prepared?.version ?? null,
      also: [
        ...(renames ? [unreadByScripts(db, id), followers.unread(id)] : []),
        ...(relinked?.statements ?? []),
      ],
    });
    await relinked?.settle(ending === "saved" ? "saved" : "refused");
    if (ending === "name-taken") throw await nameTaken(db, row);
    if (ending === "saved") {
      return { ...(await scriptOf(deps, principal.account.id, id)), warnings: prepared?.warnings ?? [] };
    }
  }
  throw new AppError("unavailable", "The script is being changed by others. Try again.");
};

/** The same, and nothing of it written: whom the new version would reach, and with what result. */
export const foreseeChange: CarryOut<Foreseen> = async (deps, principal, id, ifMatch, decide) => {
  const { prepared, relinked } = await plan(deps, principal, id, ifMatch, decide);
  const responders = relinked?.responders ?? [];
  const works = responders.every(({ errors }) => errors.length === 0);
  return { wouldPublish: prepared !== null && works, responders };
};
