import { AppError } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { etagOf } from "../../lib/etag.ts";
import type { ScriptForm } from "../../scripts/index.ts";
import { parseJson } from "../read.ts";
import { readRouted } from "../routing/read-routes.ts";
import { readDefinition } from "./definition.ts";
import type { Definition } from "./definition.ts";
import type { ResponderRow } from "./store.ts";

/** A responder as its owner reads it. */
export interface Responder {
  readonly id: string;
  readonly definition: Definition;
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
): Responder => {
  const definition = definitionOf(row);
  return {
    id: row.id,
    definition,
    url: urlOf(definition.label, definition.path),
    form: readRouted(parseJson(row.routed))?.program?.form ?? null,
    etag: etagOfRow(row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
};

export const noResponder = (): AppError => new AppError("not-found", "There is no such responder.");
