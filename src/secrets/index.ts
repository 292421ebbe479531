/** Secrets: what scripts use by name, and never hold. */
export { createSecrets, type Secrets, type SecretsDeps, type SecretsManagement } from "./create-secrets.ts";
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
