import { AppError } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { etagOf } from "../../lib/etag.ts";
import type { ScriptForm, ScriptLanguage } from "../compiled.ts";
import type { ScriptRow, SummaryRow } from "./store.ts";

/** The user's own text. */
export interface ScriptSource {
  readonly source: string;
  readonly language: ScriptLanguage;
}

/** A script of the library as a list has it: without its texts, which may be 256 KiB each. */
export interface ScriptSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The latest, from 1; 0 when there is only a draft. */
  readonly version: number;
  /** Of the latest version; `null` without one. */
  readonly language: ScriptLanguage | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly etag: string;
}

export interface Script extends ScriptSummary {
  /** Of the latest version; `null` without one. */
  readonly source: string | null;
  readonly form: ScriptForm | null;
  /** Saved, and nobody's yet. */
  readonly draft: ScriptSource | null;
  readonly usedBy: UsedBy;
}

export interface UsedBy {
  readonly responders: readonly ResponderUser[];
  /** Scripts whose latest version imports it. */
  readonly scripts: readonly ScriptUser[];
}

export interface ScriptUser {
  readonly id: string;
  readonly name: string;
  /** The version that it asks for; 0 follows the latest. */
  readonly wanted: number;
}

export interface ResponderUser extends ScriptUser {
  /** The version that it has. */
  readonly version: number;
}

/** What a save may be told besides: nothing of it keeps the script from working. */
export type SavedScript = Script & { readonly warnings: readonly FieldError[] };

export interface ScriptVersion extends ScriptSource {
  readonly version: number;
  readonly createdAt: number;
  /** `key_…` */
  readonly createdBy: string;
}

export type VersionHead = Omit<ScriptVersion, "source">;

export const noScript = (): AppError => new AppError("not-found", "There is no such script.");
export const noVersion = (): AppError => new AppError("not-found", "There is no such version of the script.");

export const etagOfScript = ({ id, revision }: Pick<ScriptRow, "id" | "revision">): string =>
  etagOf(id, revision);

export const parseLanguage = (text: string): ScriptLanguage => (text === "ts" ? "ts" : "js");

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The column `scripts.draft`. */
export const readDraft = (text: string | null): ScriptSource | null => {
  const value: unknown = text === null ? null : JSON.parse(text);
  if (!isRecord(value) || typeof value["source"] !== "string") return null;
  return { source: value["source"], language: parseLanguage(String(value["language"])) };
};

export const summaryOf = (row: SummaryRow): ScriptSummary => ({
  id: row.id,
  name: row.name,
  description: row.description,
  version: row.latest,
  language: row.language === null ? null : parseLanguage(row.language),
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  etag: etagOfScript(row),
});
