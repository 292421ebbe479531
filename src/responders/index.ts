/** Responders: what answers a hit, and how its owner makes it. */
export { type GivenBody, type ShownBody, shownBody, textOfBody } from "./body.ts";
export {
  createResponders,
  type HitPowers,
  type Responders,
  type RespondersDeps,
  type StatePowers,
} from "./create-responders.ts";
export type { GrantDeps } from "./grants/deps.ts";
export type { HitGrants } from "./grants/hit-grants.ts";
export { type Answer, headersOfKept, type Redact, redactAnswer } from "./grants/redact.ts";
export type { Failure } from "./failure.ts";
export type { Client, Hit, Rejection, Reply } from "./hit.ts";
export { type Definition, DEFAULTS, type Script, type SecretsGranted } from "./manage/definition.ts";
export type {
  GivenHeaders,
  ResponderInput,
  ResponseInput,
  ScriptInput,
  SecretsInput,
} from "./manage/input.ts";
export type { Responder, SavedResponder, ShownDefinition, Warning } from "./manage/responder.ts";
export type { Revision, WholeRevision } from "./manage/revisions.ts";
export type { TrialRequest } from "./manage/trial-hit.ts";
export type { Replayer } from "./manage/replayer.ts";
export type { Resender, Resent } from "./manage/resend.ts";
export type { ForwardDeps } from "./proxy/start-leg.ts";
export type { Forwarded } from "./proxy/forwarded.ts";
export type { RawBody, RawRequest } from "./proxy/raw-request.ts";
export type { Forwarding, ForwardOutcome, ForwardReport, LegBody, Legs } from "./proxy/report.ts";
export type { Attempt } from "./proxy/send-leg.ts";
export { type Upstream, UPSTREAM_DEFAULTS } from "./proxy/upstream.ts";
export { type WholeEnding, wholeEnding } from "./proxy/whole-ending.ts";
export { finishHead, type ReplyContext, sentHead } from "./sent-head.ts";
export type { Trial } from "./manage/try.ts";
export { isHeaderPairs, isRecord, isTexts, isWhole, parseJson } from "./read.ts";
export type { Matched, Outcome, Responded, ResponderRun } from "./respond.ts";
export { hitView, type RunView } from "./run-view.ts";
export type { EgressEntry } from "./egress/log.ts";
export { type EgressGranted } from "./egress/granted.ts";
export type { Match, Params } from "./routing/match.ts";
export type { RoutedResponder } from "./routing/routes.ts";
export type { Table } from "./routing/table.ts";
export type { Lookup, Tables } from "./routing/tables.ts";
export type { GivenState, StatePageRequest } from "./state/manage.ts";
export type { ShownState, StateHead } from "./state/shown-state.ts";
export type { StateStore } from "./state/state-store.ts";
export type { Missed } from "./unmatched/record.ts";
export type { NearReason, NearRoute, UnmatchedHit, UnmatchedLog } from "./unmatched/unmatched-hit.ts";
