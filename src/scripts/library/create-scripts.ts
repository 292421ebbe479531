import type { PageRequest, Principal } from "../../accounts/index.ts";
import type { IfMatch } from "../../lib/etag.ts";
import { createScript, type ScriptInput } from "./create.ts";
import { deleteScript } from "./delete.ts";
import type { LibraryDeps } from "./deps.ts";
import type { Difference } from "./difference.ts";
import { deleteDraft, publishDraft, writeDraft } from "./drafts.ts";
import { eraseLibrary } from "./erase.ts";
import { listScripts, readScript } from "./read.ts";
import { changeScript, foreseeChange, type Foreseen } from "./save.ts";
import type {
  SavedScript,
  Script,
  ScriptSource,
  ScriptSummary,
  ScriptVersion,
  VersionHead,
} from "./script.ts";
import { countScripts } from "./store.ts";
import { type ScriptPatch, updateScript } from "./update.ts";
import { compareVersions, listVersions, readVersion, restoreVersion, type VersionPage } from "./versions.ts";

/** The verbs on the library. Each takes who acts first, and throws `AppError` where it refuses. */
export interface Scripts extends PublishingVerbs<SavedScript> {
  /** The same, and nothing of it written: whom it would reach, and with what result. */
  readonly foresee: PublishingVerbs<Foreseen>;
  readonly create: (principal: Principal, input: ScriptInput) => Promise<SavedScript>;
  /** Newest first, and up to one item more than asked for, which tells that there is another page. */
  readonly list: (principal: Principal, page: PageRequest) => Promise<readonly ScriptSummary[]>;
  readonly read: (principal: Principal, id: string) => Promise<Script>;
  readonly delete: (principal: Principal, id: string, ifMatch: IfMatch) => Promise<void>;
  readonly listVersions: (
    principal: Principal,
    id: string,
    page: VersionPage,
  ) => Promise<readonly VersionHead[]>;
  readonly readVersion: (principal: Principal, id: string, version: number) => Promise<ScriptVersion>;
  readonly compareVersions: (
    principal: Principal,
    id: string,
    versions: { readonly from: number; readonly to: number },
  ) => Promise<Difference>;
  readonly writeDraft: (
    principal: Principal,
    id: string,
    draft: ScriptSource,
    ifMatch: IfMatch,
  ) => Promise<SavedScript>;
  readonly deleteDraft: (principal: Principal, id: string, ifMatch: IfMatch) => Promise<void>;
  readonly count: (accountId: string) => Promise<number>;
  /** Deletes the library of an account. May be called again. */
  readonly eraseAccount: (account: { readonly id: string }) => Promise<void>;
}

/** Those that may make a version, which reaches all that follow the latest. */
interface PublishingVerbs<Result> {
  readonly update: (
    principal: Principal,
    id: string,
    patch: ScriptPatch,
    ifMatch: IfMatch,
  ) => Promise<Result>;
  readonly restore: (principal: Principal, id: string, version: number, ifMatch: IfMatch) => Promise<Result>;
  readonly publishDraft: (principal: Principal, id: string, ifMatch: IfMatch) => Promise<Result>;
}

export const createScripts = (deps: LibraryDeps): Scripts => ({
  update: (principal, id, patch, ifMatch) => updateScript(deps, changeScript, principal, id, patch, ifMatch),
  restore: (principal, id, version, ifMatch) =>
    restoreVersion(deps, changeScript, principal, id, version, ifMatch),
  publishDraft: (principal, id, ifMatch) => publishDraft(deps, changeScript, principal, id, ifMatch),
  foresee: {
    update: (principal, id, patch, ifMatch) =>
      updateScript(deps, foreseeChange, principal, id, patch, ifMatch),
    restore: (principal, id, version, ifMatch) =>
      restoreVersion(deps, foreseeChange, principal, id, version, ifMatch),
    publishDraft: (principal, id, ifMatch) => publishDraft(deps, foreseeChange, principal, id, ifMatch),
  },
  create: (principal, input) => createScript(deps, principal, input),
  list: (principal, page) => listScripts(deps, principal, page),
  read: (principal, id) => readScript(deps, principal, id),
  delete: (principal, id, ifMatch) => deleteScript(deps, principal, id, ifMatch),
  listVersions: (principal, id, page) => listVersions(deps, principal, id, page),
  readVersion: (principal, id, version) => readVersion(deps, principal, id, version),
  compareVersions: (principal, id, versions) => compareVersions(deps, principal, id, versions),
  writeDraft: (principal, id, draft, ifMatch) => writeDraft(deps, principal, id, draft, ifMatch),
  deleteDraft: (principal, id, ifMatch) => deleteDraft(deps, principal, id, ifMatch),
  count: (accountId) => countScripts(deps.db, accountId),
  eraseAccount: ({ id }) => eraseLibrary(deps.db, id),
});
