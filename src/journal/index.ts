/** The journal: every hit and its answer, as they were, and what is counted of them. */
export { type ExchangePage, type FollowRequest, LISTED_BODY_BYTES } from "./browse.ts";
export { createJournals, type JournalDeps, type Journals } from "./create-journals.ts";
export type { Answered } from "./answered.ts";
export {
  type Exchange,
  hasFailed,
  type KeptBody,
  type KeptRequest,
  type KeptResponse,
  outcomeName,
} from "./exchange.ts";
export {
  type Entry,
  type ExchangeFilter,
  FOLLOWED_BODY_BYTES,
  type Following,
  type JournalLog,
  type KeepRules,
  type Listing,
  type ListQuery,
} from "./journal-log.ts";
export { journalLogOf, type JournalStub } from "./log-of.ts";
export { askJournal } from "./own-journal.ts";
export type { AccountMetrics } from "./read-metrics.ts";
export { type Difference, isPointer } from "./difference.ts";
export type { Replayed, ReplayRequest } from "./replay.ts";
export type { ReplayedInShort } from "./replay-many.ts";
export type { ShownUpstream } from "./shown-upstream.ts";
export type { KeptLegBody, KeptUpstream } from "./upstream.ts";
export { type ShownExchange, shownExchange } from "./shown-exchange.ts";
export { createRecorder, type Recorder } from "./record.ts";
export { type Watcher, writeWatcher } from "./tail-watcher.ts";
export type { Tail, TailNews, TailRequest } from "./tail.ts";
export type { Histogram, MetricsSpan, MetricsView } from "./metrics-view.ts";
export { COPY_FORMS, copyAs, type CopyForm, isCopyForm } from "./copy-as/copy-as.ts";
export { harChunks, type HarOptions } from "./har/har.ts";
export { isSecretName, redactExchange, REDACTED } from "./redact.ts";
