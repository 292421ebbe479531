import type { Db } from "../../storage/index.ts";
import type { EnvelopeDeps } from "../envelope.ts";
import type { SecretHead } from "../store.ts";
import type { HostRules } from "./check-hosts.ts";
import type { SecretUser } from "./secret.ts";

/** A responder whose grants would have more than it may have. */
export interface Overloaded {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** What is asked of those who use secrets. */
export interface UseQuestions {
  /** By the secret's id, for those of `secrets` that anybody uses. */
  readonly usersOf: (
    accountId: string,
    secrets: readonly Pick<SecretHead, "id" | "name">[],
  ) => Promise<ReadonlyMap<string, readonly SecretUser[]>>;
  /** The first responder that would be granted more than `mostBytes`, if the account's secrets were these. */
  readonly overloadedBy: (
    accountId: string,
    secrets: readonly Pick<SecretHead, "id" | "bytes">[],
    mostBytes: number,
  ) => Promise<Overloaded | undefined>;
  /** The first responder that is granted the secret and may show it to whoever asks, by its name. */
  readonly exposedBy: (
    accountId: string,
    secretId: string,
  ) => Promise<Pick<Overloaded, "id" | "name"> | undefined>;
}

/** The powers of the management side. */
export interface ManageDeps extends EnvelopeDeps, UseQuestions {
  readonly db: Db;
  readonly now: () => number;
  readonly hostRules: HostRules;
  /** Makes a change hold in this isolate. */
  readonly forget: (accountId: string) => void;
}
