import type { Resolved, SecretGrant, SecretHead } from "../../secrets/index.ts";

/** What the noun may do with secrets. */
export interface GrantDeps {
  readonly secretHeads: (accountId: string) => Promise<readonly SecretHead[]>;
  /** Without I/O, where this isolate has done it in the last minute. */
  readonly resolveSecrets: (accountId: string, grant: SecretGrant) => Promise<Resolved>;
  /** Notes that a run used them. Never rejects, and never waits. */
  readonly touchSecrets: (accountId: string, ids: readonly string[]) => void;
  readonly randomBytes: (count: number) => Uint8Array;
}
