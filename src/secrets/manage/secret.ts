import { AppError, type FieldError } from "../../lib/errors.ts";
import { etagOf } from "../../lib/etag.ts";
import type { SecretSummary } from "../store.ts";
import { readTerms, type Terms } from "../terms.ts";

/** A responder that is granted a secret, or whose scripts name it. */
export interface SecretUser {
  readonly id: string;
  readonly name: string;
  readonly granted: boolean;
  readonly used: boolean;
}

/** A secret as its owner reads it: never with its value. */
export interface Secret extends Terms {
  readonly id: string;
  readonly name: string;
  /** Of the value, from 1. */
  readonly version: number;
  readonly usedBy: readonly SecretUser[];
  /** To the minute. */
  readonly lastUsedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly etag: string;
}

export type SavedSecret = Secret & { readonly warnings: readonly FieldError[] };

export const etagOfSecret = ({ id, revision }: Pick<SecretSummary, "id" | "revision">): string =>
  etagOf(id, revision);

export const secretOf = (row: SecretSummary, usedBy: readonly SecretUser[]): Secret => ({
  id: row.id,
  name: row.name,
  ...readTerms(row),
  version: row.version,
  usedBy,
  lastUsedAt: row.lastUsedAt,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  etag: etagOfSecret(row),
});

export const noSecret = (): AppError => new AppError("not-found", "There is no such secret.");
