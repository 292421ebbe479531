import { AppError } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { etagOf } from "../../lib/etag.ts";
import type { Account } from "../../accounts/index.ts";
import { namesOfScripts, referenceText } from "../../scripts/index.ts";
import type { ScriptForm } from "../../scripts/index.ts";
import { parseJson } from "../read.ts";
import { readRouted } from "../routing/read-routes.ts";
import { readDefinition } from "./definition.ts";
import type { Definition, Script } from "./definition.ts";
import type { SecretHead } from "../../secrets/index.ts";
import { grantedNames } from "../grants/granted-names.ts";
import type { ManageDeps } from "./deps.ts";
import type { ResponderRow } from "./store.ts";

type ShowDeps = Pick<ManageDeps, "db" | "secretHeads">;

/** A definition as its owner reads it: scripts of the library, and secrets, by the names that they have now. */
export type ShownDefinition = Omit<Definition, "script" | "secrets" | "egress"> & {
  readonly script: Script | { readonly ref: string } | null;
  readonly secrets: ShownSecrets;
  readonly egress: ShownEgress;
};

export type ShownEgress =
  | { readonly mode: "none" | "public" }
  | { readonly mode: "hosts"; readonly hosts: readonly string[] };

export type ShownSecrets =
  | { readonly mode: "none" }
  | { readonly mode: "all"; readonly reveal: boolean }
  | { readonly mode: "selected"; readonly names: readonly string[]; readonly reveal: boolean };

/** A responder as its owner reads it. */
export interface Responder {
  readonly id: string;
  readonly definition: ShownDefinition;
  /** Where senders reach it; parameters stand in it by name. */
  readonly url: string;
  /** Of its script; `null` without one. */
  readonly form: ScriptForm | null;
  readonly etag: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a save may be told besides: nothing of it keeps the responder from working. */
export type Warning = FieldError;

export type SavedResponder = Responder & { readonly warnings: readonly Warning[] };

export const etagOfRow = (row: ResponderRow): string => etagOf(row.id, row.revision);

export const definitionOf = (row: { readonly name: string; readonly definition: string }): Definition => {
  const definition = readDefinition(row.name, row.definition);
  if (definition === undefined) throw new Error("A stored definition is not readable.");
  return definition;
};

/** What definitions name by ids. */
export interface Names {
  readonly scripts: ReadonlyMap<string, string>;
  readonly secrets: readonly SecretHead[];
}

/** A script that is deleted, as an old revision may name it, is shown by its id. */
const shownScript = ({ script }: Definition, { scripts }: Names): ShownDefinition["script"] => {
  if (script === null || !("scriptId" in script)) return script;
  const name = scripts.get(script.scriptId) ?? script.scriptId;
  return { ref: referenceText({ name, version: script.wanted || null }) };
};

/** A secret that is deleted is granted no more, and not shown. */
const shownSecrets = ({ secrets }: Definition, names: Names): ShownSecrets => {
  const { mode, reveal } = secrets;
  if (mode === "none") return { mode };
  return mode === "all" ? { mode, reveal } : { mode, names: grantedNames(secrets, names.secrets), reveal };
};

const shownEgress = ({ egress }: Definition): ShownEgress =>
  egress.mode === "hosts" ? { mode: egress.mode, hosts: egress.hosts } : { mode: egress.mode };

export const shownDefinition = (definition: Definition, names: Names): ShownDefinition => ({
  ...definition,
  script: shownScript(definition, names),
  secrets: shownSecrets(definition, names),
  egress: shownEgress(definition),
});

const scriptIdsOf = ({ script }: Definition): readonly string[] =>
  script !== null && "scriptId" in script ? [script.scriptId] : [];

/** What `shownDefinition` needs to know: asked for only when a definition names a script, or secrets. */
export const namesIn = async (
  deps: ShowDeps,
  accountId: string,
  definitions: readonly Definition[],
): Promise<Names> => {
  const [scripts, secrets] = await Promise.all([
    namesOfScripts(deps.db, accountId, definitions.flatMap(scriptIdsOf)),
    definitions.some((definition) => definition.secrets.mode === "selected")
      ? deps.secretHeads(accountId)
      : [],
  ]);
  return { scripts, secrets };
};

const responderOf = (
  row: ResponderRow,
  definition: ShownDefinition,
  urlOf: (label: string | null, path: string) => string,
): Responder => ({
  id: row.id,
  definition,
  url: urlOf(definition.label, definition.path),
  form: readRouted(parseJson(row.routed))?.program?.form ?? null,
  etag: etagOfRow(row),
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

/** Rows of the account, as their owner reads them. */
export const respondersOf = async (
  deps: ShowDeps & Pick<ManageDeps, "urlOf">,
  account: Pick<Account, "id" | "handle">,
  rows: readonly ResponderRow[],
): Promise<readonly Responder[]> => {
  const read = rows.map((row) => ({ row, definition: definitionOf(row) }));
  const names = await namesIn(
    deps,
    account.id,
    read.map(({ definition }) => definition),
  );
  const urlOf = (label: string | null, path: string): string => deps.urlOf(account.handle, label, path);
  return read.map(({ row, definition }) => responderOf(row, shownDefinition(definition, names), urlOf));
};

export const oneResponder = async (
  deps: ShowDeps & Pick<ManageDeps, "urlOf">,
  account: Pick<Account, "id" | "handle">,
  row: ResponderRow,
): Promise<Responder> => {
  const [responder] = await respondersOf(deps, account, [row]);
  if (responder === undefined) throw noResponder();
  return responder;
};

export const noResponder = (): AppError => new AppError("not-found", "There is no such responder.");
