/** The sandbox: guest code under limits, knowing nothing of webhooks. */
export { type Capability, type AsyncOp, OpError, type SyncOp, type UpstreamFault } from "./capability.ts";
export { base64Codec } from "./capabilities/base64.ts";
export { subtleCrypto } from "./capabilities/crypto.ts";
export { encoding } from "./capabilities/encoding.ts";
export {
  keyFault,
  kv,
  type KvAddition,
  type KvCondition,
  type KvCount,
  type KvEntry,
  type KvHead,
  type KvLimits,
  type KvPage,
  type KvQuery,
  type KvRefusal,
  type KvSet,
  type KvStore,
  type KvValue,
  type KvWrite,
  MAX_WATCH_MS,
  PAGE_VALUE_BYTES,
  ttlFault,
} from "./capabilities/kv.ts";
export {
  type Asker,
  http,
  type HttpAnswer,
  type HttpLimits,
  type HttpPowers,
  type HttpRequest,
  type HttpRequestBody,
  type HttpSent,
} from "./capabilities/http.ts";
export {
  forward,
  type ForwardAnswer,
  type ForwardPowers,
  type ForwardRequest,
  readForwardHead,
} from "./capabilities/forward.ts";
export { upstreamFault } from "./capabilities/http-failure.ts";
export { keepBody, type KeptBody } from "./capabilities/kept-body.ts";
export { MAX_HTTP_BODY_BYTES, openRunBodies, type RunBodies } from "./capabilities/run-bodies.ts";
export { random } from "./capabilities/random.ts";
export { secrets } from "./capabilities/secrets.ts";
export type {
  Derived,
  HmacSettings,
  SecretPowers,
  SecretRefusal,
  SignedMessage,
  SigningAlgorithm,
  SigningKeyKind,
  Verification,
} from "./capabilities/secret-powers.ts";
export { sealing } from "./capabilities/seal.ts";
export { timers } from "./capabilities/timers.ts";
export { url } from "./capabilities/url.ts";
export {
  createRuntime,
  type Reserve,
  type Runtime,
  type RuntimeDeps,
  type RuntimeStats,
} from "./create-runtime.ts";
export { createEgress, type Egress, type EgressDeps, type Outlet } from "./egress.ts";
export type { Caller } from "./egress/admit.ts";
export { failureIn, readBody, type ReadBody, readWithin } from "./egress/answer-body.ts";
export { EgressError, type EgressFailure } from "./egress/failure.ts";
export { type HostPattern, parseHostPattern } from "./egress/host-patterns.ts";
export { type EgressBody, type EgressHeaders, isKeptFromScripts, type Outgoing } from "./egress/outgoing.ts";
export type { Times } from "./egress/patience.ts";
export type { EgressRules, Reach, Refusal, RefusalCode } from "./egress/policy.ts";
export type { EgressAnswer, EgressRequest, Filled, SecretFilling, Sent } from "./egress/request.ts";
export { FUEL_PER_MS } from "./fuel.ts";
export { columnShift, MAX_ERROR_MESSAGE, MAX_ERROR_NAME } from "./guest-error.ts";
export type { HeapClass, LimitName, Limits, Share } from "./limits.ts";
export { figuresOf, NO_FIGURES } from "./outcome.ts";
export type {
  Ending,
  GuestAnswer,
  GuestError,
  LogLine,
  Outcome,
  RunFigures,
  UnusableReason,
} from "./outcome.ts";
export type { Prelude, Program, Run, RunRequest } from "./run.ts";
