import type { Table } from "../routing/table.ts";
import { nearestRoutes } from "./nearest.ts";
import { KEPT_HITS, KEPT_PATH_UNITS } from "./unmatched-hit.ts";
import type { UnmatchedHit, UnmatchedLog } from "./unmatched-hit.ts";

export interface RecorderDeps {
  readonly logOf: (accountId: string) => UnmatchedLog;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What the edge knows of a hit that no route took. */
export interface Missed {
  readonly requestId: string;
  readonly at: number;
  readonly method: string;
  readonly label: string | null;
  readonly path: string;
  readonly status: 404 | 405;
}

export interface UnmatchedRecorder {
  /** To be deferred: it writes after the answer, up to a second later. Rejects when the write failed, which loses these hits. */
  readonly record: (table: Table, missed: Missed) => Promise<void>;
}

/** One write an account and isolate in this time, whatever arrives: a scanner's flood must not become one of writes. */
const WRITE_EVERY_MS = 1_000;
const MANY_ACCOUNTS = 1_000;

/** What came since an account's last write. Only the newest `KEPT_HITS` would be shown, so only they wait. */
interface Backlog {
  writtenAt: number;
  readonly waiting: { readonly table: Table; readonly missed: Missed }[];
  skipped: number;
  /** When somebody is to write what waits; past it, whoever had promised to is gone. */
  dueAt: number | undefined;
}

const hitOf = (table: Table, missed: Missed, skipped: number): UnmatchedHit => {
  const label = missed.label === "" ? null : missed.label;
  const { requestId, at, method, path, status } = missed;
  return {
    id: requestId,
    at,
    method: method.slice(0, 32),
    label,
    path: path.slice(0, KEPT_PATH_UNITS),
    status,
    nearest: nearestRoutes(table.responders, { method, label, path }),
    skipped,
  };
};

export const createUnmatchedRecorder = (deps: RecorderDeps): UnmatchedRecorder => {
  const backlogs = new Map<string, Backlog>();

  const backlogOf = (accountId: string): Backlog => {
    const known = backlogs.get(accountId);
    if (known !== undefined) return known;
    for (const [id, { waiting }] of backlogs) {
      if (backlogs.size < MANY_ACCOUNTS) break;
      if (waiting.length === 0) backlogs.delete(id);
    }
    const fresh: Backlog = { writtenAt: 0, waiting: [], skipped: 0, dueAt: undefined };
    backlogs.set(accountId, fresh);
    return fresh;
  };

  const flush = async (accountId: string, backlog: Backlog): Promise<void> => {
    const { waiting, skipped } = backlog;
    const hits = waiting.map(({ table, missed }, index) => hitOf(table, missed, index === 0 ? skipped : 0));
    waiting.length = 0;
    backlog.skipped = 0;
    backlog.dueAt = undefined;
    await deps.logOf(accountId).record(hits);
  };

  return {
    record: async (table, missed) => {
      const { id } = table.account;
      const backlog = backlogOf(id);
      backlog.waiting.push({ table, missed });
      if (backlog.waiting.length > KEPT_HITS) {
        backlog.waiting.shift();
        backlog.skipped += 1;
      }
      const { at } = missed;
      if (backlog.dueAt !== undefined && at <= backlog.dueAt + WRITE_EVERY_MS) return;
      const pause = Math.max(0, backlog.writtenAt + WRITE_EVERY_MS - at);
      backlog.writtenAt = at + pause;
      backlog.dueAt = at + pause;
      if (pause > 0) await deps.sleep(pause);
      await flush(id, backlog);
    },
  };
};
