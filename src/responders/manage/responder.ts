import { AppError } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { etagOf } from "../../lib/etag.ts";
import type { ScriptForm } from "../../scripts/index.ts";
import type { SecretHead } from "../../secrets/index.ts";
import type { GrantDeps } from "../grants/deps.ts";
import { grantedNames } from "../grants/granted-names.ts";
import { parseJson } from "../read.ts";
import { readRouted } from "../routing/read-routes.ts";
import { readDefinition } from "./definition.ts";
import type { Definition } from "./definition.ts";
import type { ResponderRow } from "./store.ts";

/** A responder as its owner reads it. */
export interface Responder {
  readonly id: string;
  readonly definition: Definition;
  /** The names of the secrets that are granted by name; none with `all`. */
  readonly secretNames: readonly string[];
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

export const responderOf = (
  row: ResponderRow,
  urlOf: (label: string | null, path: string) => string,
  heads: readonly SecretHead[],
): Responder => {
  const definition = definitionOf(row);
  return {
    id: row.id,
    definition,
    secretNames: selectedNames(definition, heads),
    url: urlOf(definition.label, definition.path),
    form: readRouted(parseJson(row.routed))?.program?.form ?? null,
    etag: etagOfRow(row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
};

/** A secret that is gone has no name, and is granted no more. */
export const selectedNames = ({ secrets }: Definition, heads: readonly SecretHead[]): readonly string[] =>
  secrets.mode === "selected" ? grantedNames(secrets, heads) : [];

/** The names behind what these definitions grant by id. */
export const headsOf = async (
  deps: Pick<GrantDeps, "secretHeads">,
  accountId: string,
  definitions: readonly Definition[],
): Promise<readonly SecretHead[]> =>
  definitions.some(({ secrets }) => secrets.mode === "selected") ? deps.secretHeads(accountId) : [];

export const noResponder = (): AppError => new AppError("not-found", "There is no such responder.");
