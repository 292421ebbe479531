/** Secrets: what scripts use by name, and never hold. */
export { createSecrets, type Secrets, type SecretsDeps, type SecretsManagement } from "./create-secrets.ts";
export { fill } from "./filling/fill.ts";
export { carriedMaskBytes, maskOfCarried } from "./filling/mask-of-carried.ts";
export { type IncomingAnswer, maskAnswer, type MaskedAnswer } from "./filling/mask-answer.ts";
export type {
  Filled,
  FillPolicy,
  OutgoingBody,
  OutgoingRequest,
  SecretNotAllowed,
} from "./filling/outgoing.ts";
export type { GrantedSecret, SecretPlace } from "./granted.ts";
export type { MasterKey } from "./keyring.ts";
export { GRANTED_BYTES, LOOKED_FOR_BYTES, VALUE_BYTES } from "./limits.ts";
export { DEFAULT_TERMS, type SecretInput, type SecretPatch } from "./manage/check.ts";
export type { HostRules } from "./manage/check-hosts.ts";
export type { Overloaded, UseQuestions } from "./manage/deps.ts";
export type { SavedSecret, Secret, SecretUser } from "./manage/secret.ts";
export { createPlaceholders, type Placeholder, PLACEHOLDER, type Placeholders } from "./placeholders.ts";
export type { Resolved, SecretGrant } from "./resolving/load.ts";
export type { Rotation } from "./rotation/rotate.ts";
export type { SecretHead } from "./store.ts";
export { createMask, HIDES_EVERYTHING, type Mask } from "./masking/mask.ts";
export { maskOf } from "./masking/mask-of.ts";
export { maskBody, type MaskedBody } from "./masking/mask-body.ts";
export { createSecretPowers, type SecretOperations, type SecretPowersDeps } from "./operations/powers.ts";
export { interpolate, namesInTemplate } from "./filling/interpolate.ts";
export type { Signer, SigningSecrets } from "./signing/signing.ts";
export { signedHeaders } from "./webhooks/standard-webhooks.ts";
