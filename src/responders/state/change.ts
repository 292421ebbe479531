import type {
  KvAddition,
  KvCondition,
  KvCount,
  KvEntry,
  KvHead,
  KvRefusal,
  KvSet,
  KvValue,
  KvWrite,
} from "../../runtime/index.ts";
import { isLive, meets, numberValue, roomFault, sumOf, weight } from "./decide.ts";
import type { StateRemoval, StateRules } from "./state-store.ts";
import { clearExpired, deleteEntry, readEntry, readTotals, writeEntry, writeTotals } from "./tables.ts";

/** Each of these is one transaction of the caller's: nothing comes between what it reads and what it writes. */
interface Place {
  /** The row that is there, which may have expired. */
  readonly row: KvEntry | null;
  /** The same, unless it has. */
  readonly current: KvEntry | null;
}

const placeOf = (sql: SqlStorage, key: string, now: number, values: boolean): Place => {
  const row = readEntry(sql, key, values);
  return { row, current: isLive(row, now) ? row : null };
};

const CLEARED_AT_ONCE = 500;

/** Writes where there is room, having cleared away what has expired if there is none. */
const put = (
  sql: SqlStorage,
  { key, value }: Pick<KvWrite, "key" | "value">,
  expiresAt: number | null,
  rules: StateRules,
  now: number,
): KvHead | KvRefusal => {
  for (;;) {
    const totals = readTotals(sql);
    if (totals.erased) return { kind: "gone" };
    const { row, current } = placeOf(sql, key, now, false);
    const fault = roomFault({ key, value }, row, totals, rules);
    if (fault !== undefined) {
      if (clearExpired(sql, now, CLEARED_AT_ONCE) > 0) continue;
      return fault;
    }
    const head: KvHead = {
      key,
      type: value.type,
      size: value.bytes.length,
      version: totals.version + 1,
      createdAt: current?.createdAt ?? now,
      updatedAt: now,
      expiresAt,
    };
    writeEntry(sql, head, value);
    writeTotals(sql, {
      ...totals,
      entries: totals.entries + (row === null ? 1 : 0),
      bytes: totals.bytes + weight(head) - (row === null ? 0 : weight(row)),
      version: head.version,
    });
    return head;
  }
};

const isHead = (written: KvHead | KvRefusal): written is KvHead => "version" in written;

export const setEntry = (sql: SqlStorage, write: KvWrite, rules: StateRules, now: number): KvSet => {
  const { current } = placeOf(sql, write.key, now, false);
  if (!meets(write.condition, current)) return { kind: "unmet", version: current?.version ?? null };
  const expiresAt = write.ttlMs === null ? null : now + write.ttlMs;
  const written = put(sql, write, expiresAt, rules, now);
  return isHead(written) ? { kind: "written", head: written } : written;
};

export const incrementEntry = (
  sql: SqlStorage,
  { key, by, ttlMs }: KvAddition,
  rules: StateRules,
  now: number,
): KvCount => {
  const { current } = placeOf(sql, key, now, true);
  const sum = sumOf(current, by);
  if (sum.kind !== "counted") return sum;
  const expiresAt = current === null ? (ttlMs === null ? null : now + ttlMs) : current.expiresAt;
  const value: KvValue = numberValue(sum.value);
  const written = put(sql, { key, value }, expiresAt, rules, now);
  return isHead(written) ? sum : written;
};

export const removeEntry = (
  sql: SqlStorage,
  key: string,
  condition: KvCondition | null,
  now: number,
): StateRemoval => {
  const { current } = placeOf(sql, key, now, false);
  if (current === null) return "absent";
  if (!meets(condition, current)) return "unmet";
  deleteEntry(sql, key);
  const totals = readTotals(sql);
  writeTotals(sql, { ...totals, entries: totals.entries - 1, bytes: totals.bytes - weight(current) });
  return "deleted";
};
