import { deleteAccount, type DeleteDeps, finishDeletions } from "./delete.ts";
import { authenticate, reauthenticate } from "./keys/authenticate.ts";
import { createKey, deleteKey, type KeyInput, listKeys, readKey } from "./keys/manage.ts";
import { countKeys, type KeyRecord } from "./keys/store.ts";
import {
  type AccountInput,
  type AccountPatch,
  createAccount,
  listAccounts,
  type NewAccount,
  readAccount,
  updateAccount,
} from "./manage.ts";
import type { Operator } from "./operator.ts";
import type { IfMatch } from "../lib/etag.ts";
import type { Principal } from "./principal.ts";
import { type AccountRecord, listLagging, type PageRequest } from "./store.ts";
import { issueTicket, redeemTicket, type Ticket } from "./tickets/ticket.ts";

export { isHandle } from "./handle.ts";
export type { KeyInput } from "./keys/manage.ts";
export type { KeyRecord } from "./keys/store.ts";
export { type AccountInput, type AccountPatch, etagOfAccount, type NewAccount } from "./manage.ts";
export { reauthenticate } from "./keys/authenticate.ts";
export { authenticateOperator, type Operator } from "./operator.ts";
export { ceilingOf, faultOfLimit, LIMIT_NAMES, type LimitName, parseOverrides } from "./overrides.ts";
export { type Account, holdsScope, type Principal, requireScope, type Scope, SCOPES } from "./principal.ts";
export type { AccountRecord, PageRequest } from "./store.ts";
export type { Ticket } from "./tickets/ticket.ts";
export { limitsOf, parseTier, type Tier, TIER_LIMITS, type TierLimits, TIERS } from "./tiers.ts";

export type AccountsDeps = DeleteDeps;

/** The verbs on accounts and keys. Each takes who acts first, and throws `AppError` where it refuses. */
export interface Accounts {
  readonly create: (operator: Operator, input: AccountInput) => Promise<NewAccount>;
  readonly read: (operator: Operator, id: string) => Promise<AccountRecord>;
  /** Newest first, and up to one item more than asked for, which tells that there is another page. */
  readonly list: (operator: Operator, page: PageRequest) => Promise<readonly AccountRecord[]>;
  readonly update: (
    operator: Operator,
    id: string,
    patch: AccountPatch,
    ifMatch: IfMatch,
  ) => Promise<AccountRecord>;
  readonly delete: (operator: Operator, id: string, ifMatch: IfMatch) => Promise<void>;
  readonly authenticate: (secret: string) => Promise<Principal | undefined>;
  /** Whether the key of a principal from before still is one, and what it may do now. */
  readonly reauthenticate: (keyId: string) => Promise<Principal | undefined>;
  /** For a caller that cannot send a key: opens the path once, within 30 s. */
  readonly issueTicket: (principal: Principal, path: string) => Promise<Ticket>;
  readonly redeemTicket: (ticket: string, path: string) => Promise<Principal | undefined>;
  readonly createKey: (
    principal: Principal,
    input: KeyInput,
  ) => Promise<KeyRecord & { readonly secret: string }>;
  readonly listKeys: (principal: Principal, page: PageRequest) => Promise<readonly KeyRecord[]>;
  readonly readKey: (principal: Principal, id: string) => Promise<KeyRecord>;
  readonly deleteKey: (principal: Principal, id: string) => Promise<void>;
  readonly countKeys: (accountId: string) => Promise<number>;
  /** For the cron: returns how many accounts are now wholly gone. */
  readonly finishDeletions: () => Promise<number>;
  /** For the cron: accounts whose routes KV has not taken yet. */
  readonly listLagging: (limit: number) => Promise<readonly string[]>;
}

export const createAccounts = (deps: AccountsDeps): Accounts => ({
  create: (operator, input) => createAccount(deps, operator, input),
  read: (operator, id) => readAccount(deps, operator, id),
  list: (operator, page) => listAccounts(deps, operator, page),
  update: (operator, id, patch, ifMatch) => updateAccount(deps, operator, id, patch, ifMatch),
  delete: (operator, id, ifMatch) => deleteAccount(deps, operator, id, ifMatch),
  authenticate: (secret) => authenticate(deps, secret),
  reauthenticate: (keyId) => reauthenticate(deps, keyId),
  issueTicket: (principal, path) => issueTicket(deps, principal, path),
  redeemTicket: (ticket, path) => redeemTicket(deps, ticket, path),
  createKey: (principal, input) => createKey(deps, principal, input),
  listKeys: (principal, page) => listKeys(deps, principal, page),
  readKey: (principal, id) => readKey(deps, principal, id),
  deleteKey: (principal, id) => deleteKey(deps, principal, id),
  countKeys: (accountId) => countKeys(deps.db, accountId),
  finishDeletions: () => finishDeletions(deps),
  listLagging: (limit) => listLagging(deps.db, limit),
});
