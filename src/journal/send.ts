import type { Entry } from "./journal-log.ts";
import { within } from "./patience.ts";

/** Where entries go: a responder's Durable Object. One call may bring many. */
export interface EntrySink {
  readonly recordAll: (entries: readonly Entry[]) => Promise<void>;
}

export interface SendDeps {
  readonly sleep: (ms: number) => Promise<void>;
  /** Made anew for each call: one that failed may be of no more use. */
  readonly sinkOf: (responderId: string) => EntrySink;
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

const CALL_MS = 5_000;
/** Between the tries of one call. All of it fits in the 30 s that a request may go on after its answer. */
const PAUSES_MS = [100, 400, 1_600] as const;
/** After this nobody is at it any more. */
export const SEND_MS = (PAUSES_MS.length + 1) * CALL_MS + PAUSES_MS.reduce((sum, ms) => sum + ms, 0);

/** `false`: after several tries nobody knows whether they are recorded. Never rejects. */
export const sendEntries = async (
  { sleep, sinkOf, warn }: SendDeps,
  responderId: string,
  entries: readonly Entry[],
): Promise<boolean> => {
  let cause = "";
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      const call = sinkOf(responderId).recordAll(entries);
      if (
        (await within(
          call.then(() => true),
          CALL_MS,
        )) === true
      )
        return true;
      cause = `no answer within ${CALL_MS} ms`;
    } catch (error) {
      cause = String(error);
    }
    if (pause !== undefined) await sleep(pause).catch(() => undefined);
  }
  warn("exchanges could not be recorded", { responderId, entries: entries.length, cause });
  return false;
};
