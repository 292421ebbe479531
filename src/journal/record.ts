import { type Answered, exchangeOf, type Extent, extentOf, runOf, weightOf } from "./answered.ts";
import { type BacklogDeps, createBacklogs } from "./backlog.ts";
import { within } from "./patience.ts";
import { notifyOf } from "./notify.ts";
import { recordableOf, withoutSecrets } from "./recordable.ts";

/** How long a run may go on after its answer before it is recorded as it stood then: the platform ends a request 30 s after. */
const RUN_END_MS = 24_000;
/**
 * How long a forwarded answer may go on before it is recorded as it stands: longer than upstreams are waited for unless
 * somebody says so. While a sender reads, the platform does not end a request.
 */
const STREAM_END_MS = 65_000;

export interface Recorder {
  /** To be deferred: after the answer, and to its end. Never rejects; what cannot be recorded is counted as lost. */
  readonly record: (answered: Answered) => Promise<void>;
}

/** Records what was answered: in one call for a hit at most, none where nothing is kept and nobody told. */
export const createRecorder = (deps: BacklogDeps): Recorder => {
  const backlogs = createBacklogs(deps);
  return {
    record: async (answered) => {
      const { responder, account, run, forwarding } = answered;
      const { journalKeep, journalBytes, journalBodyBytes } = account.limits;
      // Also where nothing is recorded: the run goes on for as long as this is waited for.
      const outcome = run === null ? null : ((await within(run.end, RUN_END_MS)) ?? run.outcome);
      if (forwarding !== null) await within(forwarding.end, STREAM_END_MS);
      const keep = Math.min(responder.keep, journalKeep);
      const report = forwarding?.report() ?? null;
      const view = runOf(answered, outcome, report?.outcome ?? null);
      const notify = notifyOf(answered, view);
      if (keep < 1 && notify === null) return;
      const extent: Extent = keep < 1 ? "nothing" : extentOf(answered, view);
      const { redact } = answered;
      const most = extent === "whole" ? journalBodyBytes : 0;
      const came = recordableOf(answered, view, report);
      const kept = redact === null ? came : await withoutSecrets(came, redact, most);
      await backlogs.push({
        responderId: responder.id,
        accountId: account.id,
        bytes: weightOf(kept, most),
        entry: () => ({
          exchange: exchangeOf(answered, kept, extent),
          kept: extent !== "nothing",
          rules: { keep, maxBytes: journalBytes },
          notify,
        }),
      });
    },
  };
};
