import type { NotificationsNoun } from "../../notifications/index.ts";
import type { Compiled, CompileInput, Execute, Linked, LinkInput } from "../../scripts/index.ts";
import type { Db, Kv } from "../../storage/index.ts";
import type { Refusal } from "../../runtime/index.ts";
import type { ForwardDeps } from "../proxy/start-leg.ts";
import type { EgressDeps } from "../egress/powers.ts";
import type { GrantDeps } from "../grants/deps.ts";
import type { StateStore } from "../state/state-store.ts";

/** The powers of the management side. */
export interface ManageDeps extends GrantDeps, EgressDeps, ForwardDeps {
  readonly db: Db;
  readonly kv: Pick<Kv, "putCode" | "putResponse" | "deleteCode" | "deleteResponse">;
  /** Lets work go on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  /** Saving is a run: inside the sandbox, under its limits. */
  readonly compile: (input: CompileInput) => Promise<Compiled>;
  readonly link: (input: LinkInput) => Promise<Linked>;
  readonly execute: Execute;
  /** A responder's Durable Object `ScriptState`. */
  readonly stateOf: (responderId: string) => StateStore;
  /** Empties a responder's Durable Object `Journal` for good. */
  readonly eraseJournal: (responderId: string) => Promise<void>;
  /** By which a save judges targets of notifications. */
  readonly targetTerms: NotificationsNoun["termsFor"];
  /** For the operator: what went on in spite of a failure. */
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
  /** What the policy of egress says of a URL. */
  readonly refusalOf: (url: string) => Refusal | undefined;
  /** Makes a change hold. Never rejects. */
  readonly publish: (accountId: string) => Promise<void>;
  /** Where senders reach a path, as a whole URL. */
  readonly urlOf: (handle: string, label: string | null, path: string) => string;
}
