import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { fromBase64, utf8 } from "../../lib/bytes.ts";
import { AppError, invalid } from "../../lib/errors.ts";
import type { IfMatch } from "../../lib/etag.ts";
import { keyFault, ttlFault } from "../../runtime/index.ts";
import type { KvCondition, KvHead, KvPage, KvRefusal, KvValue } from "../../runtime/index.ts";
import type { Db } from "../../storage/index.ts";
import { noResponder } from "../manage/responder.ts";
import { findSecretUse } from "../manage/store.ts";
import { readSecretUse } from "../secret-uses/secret-use.ts";
import { type ShownState, shownState } from "./shown-state.ts";
import { stateRules } from "./run-state.ts";
import type { StateStore } from "./state-store.ts";

export interface StateDeps {
  readonly db: Db;
  readonly stateOf: (responderId: string) => StateStore;
}

/** A value as a user gives it: any JSON, or bytes in base64. */
export type GivenState = ({ readonly value: unknown } | { readonly base64: string }) & {
  readonly ttlSeconds?: number | null | undefined;
};

export interface StatePageRequest {
  readonly prefix: string;
  /** The key of the last entry that the caller has. */
  readonly after: string | undefined;
  readonly limit: number;
}

const noEntry = (): AppError => new AppError("not-found", "There is no such key in the state.");
const stale = (): AppError =>
  new AppError("stale", "The entry is not the version in If-Match. Read it again, and send its etag.");

/** The state of the principal's own responder: another account's is as good as none. */
const storeOf = async (
  deps: StateDeps,
  principal: Principal,
  responderId: string,
  scope: "state:read" | "state:write",
): Promise<StateStore> => {
  requireScope(principal, scope);
  const use = await findSecretUse(deps.db, principal.account.id, responderId);
  if (use === undefined) throw noResponder();
  // A script that holds secrets may have put one there.
  if (scope === "state:read" && readSecretUse(use).reveal) requireScope(principal, "secrets:reveal");
  return deps.stateOf(responderId);
};

/** The version of an entry is its etag; anything else matches none. */
const conditionOf = (ifMatch: IfMatch): KvCondition | null => {
  if (ifMatch === undefined) return null;
  if (ifMatch === "*") return { kind: "present" };
  return { kind: "version", versions: ifMatch.filter((etag) => /^\d{1,15}$/.test(etag)).map(Number) };
};

const checkKey = ({ account }: Principal, key: string): void => {
  const fault = keyFault(key, account.limits.stateKeyBytes);
  if (fault !== undefined) throw invalid("key", fault);
};

const valueOf = (given: GivenState, maxBytes: number): KvValue => {
  const bytes = "base64" in given ? fromBase64(given.base64) : utf8(JSON.stringify(given.value));
  if (bytes === undefined) throw invalid("base64", "This is not base64.");
  if (bytes.length > maxBytes) {
    const message = `A value has at most ${maxBytes} bytes: this one has ${bytes.length}.`;
    throw invalid("base64" in given ? "base64" : "value", message);
  }
  return { type: "base64" in given ? "bytes" : "json", bytes };
};

const refused = (refusal: KvRefusal): AppError => {
  switch (refusal.kind) {
    case "full":
      return new AppError(
        "over-limit",
        `The state may hold ${refusal.most} ${refusal.limit}: this would be more. Delete what is not needed.`,
      );
    case "gone":
      return noResponder();
    case "busy":
    case "trial-full":
      return new AppError("unavailable", "The state cannot take this now: try again.");
  }
};

/** In the order of keys, without values. */
export const listState = async (
  deps: StateDeps,
  principal: Principal,
  responderId: string,
  { prefix, after, limit }: StatePageRequest,
): Promise<KvPage> => {
  const store = await storeOf(deps, principal, responderId, "state:read");
  return store.list({ prefix, after: after ?? null, limit, values: false });
};

export const readState = async (
  deps: StateDeps,
  principal: Principal,
  responderId: string,
  key: string,
): Promise<ShownState> => {
  const store = await storeOf(deps, principal, responderId, "state:read");
  const entry = await store.get(key);
  if (entry === null) throw noEntry();
  return shownState(entry);
};

/** `invalid`, `over-limit`, `stale`. */
export const writeState = async (
  deps: StateDeps,
  principal: Principal,
  responderId: string,
  key: string,
  given: GivenState,
  ifMatch: IfMatch,
): Promise<KvHead> => {
  const store = await storeOf(deps, principal, responderId, "state:write");
  const { limits } = principal.account;
  checkKey(principal, key);
  const ttlSeconds = given.ttlSeconds ?? null;
  const fault = ttlSeconds === null ? undefined : ttlFault(ttlSeconds, limits.stateTtlSeconds);
  if (fault !== undefined) throw invalid("ttlSeconds", fault);
  const set = await store.set(
    {
      key,
      value: valueOf(given, limits.stateValueBytes),
      ttlMs: ttlSeconds === null ? null : Math.ceil(ttlSeconds * 1_000),
      condition: conditionOf(ifMatch),
    },
    stateRules(limits),
  );
  if (set.kind === "written") return set.head;
  throw set.kind === "unmet" ? stale() : refused(set);
};

export const deleteState = async (
  deps: StateDeps,
  principal: Principal,
  responderId: string,
  key: string,
  ifMatch: IfMatch,
): Promise<void> => {
  const store = await storeOf(deps, principal, responderId, "state:write");
  const removal = await store.remove(key, conditionOf(ifMatch));
  if (removal === "absent") throw noEntry();
  if (removal === "unmet") throw stale();
};

export const clearState = async (
  deps: StateDeps,
  principal: Principal,
  responderId: string,
): Promise<void> => {
  const store = await storeOf(deps, principal, responderId, "state:write");
  await store.clear();
};
