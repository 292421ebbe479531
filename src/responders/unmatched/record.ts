import type { Table } from "../routing/table.ts";
import { nearestRoutes } from "./nearest.ts";
import { KEPT_PATH_UNITS } from "./unmatched-hit.ts";
import type { UnmatchedLog } from "./unmatched-hit.ts";

export interface RecorderDeps {
  readonly logOf: (accountId: string) => UnmatchedLog;
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
  /** To be deferred: it writes after the answer. Rejects when the write failed, which loses only this hit. */
  readonly record: (table: Table, missed: Missed) => Promise<void>;
}

/** A scanner's flood costs an account this many writes a second and isolate; the rest is counted. */
const WRITES_PER_SECOND = 5;
const MANY_ACCOUNTS = 1_000;

interface Second {
  readonly startedAt: number;
  writes: number;
  skipped: number;
}

export const createUnmatchedRecorder = (deps: RecorderDeps): UnmatchedRecorder => {
  const seconds = new Map<string, Second>();

  /** How many were skipped before this one; `undefined` when this one is to be skipped too. */
  const admit = (accountId: string, at: number): number | undefined => {
    const last = seconds.get(accountId);
    if (last !== undefined && at - last.startedAt < 1_000) {
      if (last.writes >= WRITES_PER_SECOND) {
        last.skipped += 1;
        return undefined;
      }
      last.writes += 1;
      return 0;
    }
    seconds.delete(accountId);
    seconds.set(accountId, { startedAt: at, writes: 1, skipped: 0 });
    for (const oldest of seconds.keys()) {
      if (seconds.size <= MANY_ACCOUNTS) break;
      seconds.delete(oldest);
    }
    return last?.skipped ?? 0;
  };

  return {
    record: async (table, missed) => {
      const skipped = admit(table.account.id, missed.at);
      if (skipped === undefined) return;
      const { requestId, at, method, path, status } = missed;
      const label = missed.label === "" ? null : missed.label;
      await deps.logOf(table.account.id).record({
        id: requestId,
        at,
        method: method.slice(0, 32),
        label,
        path: path.slice(0, KEPT_PATH_UNITS),
        status,
        nearest: nearestRoutes(table.responders, { method, label, path }),
        skipped,
      });
    },
  };
};
