import type { Db } from "../../storage/index.ts";
import { type EnvelopeDeps, rewrap } from "../envelope.ts";
import {
  countByMasterKey,
  listWrappedBy,
  type NewWrap,
  SEALED_TABLES,
  type SealedTable,
  type WrappedRow,
  writeWraps,
} from "./store.ts";

export interface RotateDeps extends EnvelopeDeps {
  readonly db: Db;
}

/** How far secrets are from being all under the first key of `MASTER_KEYS`. */
export interface Rotation {
  /** By this call. */
  readonly rewrapped: number;
  /** What another call can go on with; at 0 the older keys can be taken out of `MASTER_KEYS`. */
  readonly left: number;
  /** Those that no key of `MASTER_KEYS` opens. They keep nothing waiting. */
  readonly failed: number;
}

const AT_ONCE = 500;
/** Rows that do not open are passed over, but not without end. */
const MOST_PAGES = 10;

const rewrapAll = async (deps: RotateDeps, rows: readonly WrappedRow[]): Promise<readonly NewWrap[]> => {
  const made = await Promise.all(
    rows.map(async (row): Promise<NewWrap | undefined> => {
      const wrapping = await rewrap(deps, row, row);
      return wrapping && { id: row.id, was: row.wrapped, wrapped: wrapping.wrapped };
    }),
  );
  return made.filter((wrap) => wrap !== undefined);
};

interface Pass {
  readonly rewrapped: number;
  readonly unopened: number;
}

/** Up to `most` of one table. */
const rotateTable = async (
  deps: RotateDeps,
  table: SealedTable,
  older: readonly string[],
  most: number,
): Promise<Pass> => {
  const { db, keyring } = deps;
  let rewrapped = 0;
  let unopened = 0;
  let after = "";
  for (let page = 0; page < MOST_PAGES && rewrapped < most; page += 1) {
    const rows = await listWrappedBy(db, table, older, after, most - rewrapped);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    const wraps = await rewrapAll(deps, rows);
    unopened += rows.length - wraps.length;
    rewrapped += await writeWraps(db, table, wraps, keyring.sealingId);
  }
  return { rewrapped, unopened };
};

/**
 * Wraps up to 500 data keys anew, by the master key that seals now; values are not touched. May be called again and
 * again, by several at once, while secrets are saved.
 */
export const rotate = async (deps: RotateDeps): Promise<Rotation> => {
  const { db, keyring } = deps;
  const older = keyring.ids.filter((id) => id !== keyring.sealingId);
  let rewrapped = 0;
  let unopened = 0;
  for (const table of older.length > 0 ? SEALED_TABLES : []) {
    const pass = await rotateTable(deps, table, older, AT_ONCE - rewrapped);
    rewrapped += pass.rewrapped;
    unopened += pass.unopened;
  }
  const counts = (await Promise.all(SEALED_TABLES.map((table) => countByMasterKey(db, table)))).flat();
  const sum = (wanted: (masterKeyId: string) => boolean): number =>
    counts.reduce((total, { masterKeyId, wrapped }) => (wanted(masterKeyId) ? total + wrapped : total), 0);
  const unknown = sum((id) => !keyring.ids.includes(id));
  return {
    rewrapped,
    left: Math.max(0, sum((id) => older.includes(id)) - unopened),
    failed: unknown + unopened,
  };
};
