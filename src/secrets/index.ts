/** Secrets: what scripts use by name, and never hold. */
export type { GrantedSecret, SecretPlace } from "./granted.ts";
export { createPlaceholders, type Placeholder, PLACEHOLDER, type Placeholders } from "./placeholders.ts";
