import type { PageRequest, Principal } from "../accounts/index.ts";
import type { IfMatch } from "../lib/etag.ts";
import type { NotificationsNoun } from "../notifications/index.ts";
import type { KvHead, KvPage, Refusal } from "../runtime/index.ts";
import { readProgram } from "../scripts/index.ts";
import type { UseQuestions } from "../secrets/index.ts";
import type { CompileInput, Compiled, Execute, Followers, Linked, LinkInput } from "../scripts/index.ts";
import type { Db, Kv } from "../storage/index.ts";
import { emptyDeparted } from "./departed/empty.ts";
import type { EgressDeps } from "./egress/powers.ts";
import type { GrantDeps } from "./grants/deps.ts";
import { grantHit, type HitGrants } from "./grants/hit-grants.ts";
import { createResponder } from "./manage/create.ts";
import { deleteResponder } from "./manage/delete.ts";
import type { ManageDeps } from "./manage/deps.ts";
import { eraseAccount } from "./manage/erase.ts";
import { createFollowers } from "./manage/followers.ts";
import type { ResponderInput } from "./manage/input.ts";
import { type Notified, readNotified } from "./manage/notified.ts";
import { listResponders, readResponder } from "./manage/read.ts";
import type { Responder, SavedResponder } from "./manage/responder.ts";
import { openReplayer, type Replayer } from "./manage/replayer.ts";
import { openResender, type Resender } from "./manage/resend.ts";
import { definitionText } from "./manage/response-text.ts";
import { listRevisions, readRevision, restoreRevision } from "./manage/revisions.ts";
import type { Revision, WholeRevision } from "./manage/revisions.ts";
import { countResponders, hasResponder, listIds } from "./manage/store.ts";
import { runUnsaved, testResponder } from "./manage/try.ts";
import type { Trial } from "./manage/try.ts";
import type { TrialRequest } from "./manage/trial-hit.ts";
import { updateResponder } from "./manage/update.ts";
import type { Hit } from "./hit.ts";
import type { ForwardDeps } from "./proxy/start-leg.ts";
import type { RawRequest } from "./proxy/raw-request.ts";
import { parseJson } from "./read.ts";
import { respond } from "./respond.ts";
import type { Matched, Responded } from "./respond.ts";
import type { RoutedResponder } from "./routing/routes.ts";
import { buildRoutes } from "./routing/build.ts";
import { createContent } from "./routing/content.ts";
import { createPublisher } from "./routing/publish.ts";
import type { Publisher } from "./routing/publish.ts";
import { readDefaultResponse } from "./routing/read-routes.ts";
import { readCurrent } from "./routing/read-current.ts";
import { createTables } from "./routing/tables.ts";
import type { Tables } from "./routing/tables.ts";
import { exposedBy, overloadedBy, usersOfSecrets } from "./secret-uses/users.ts";
import { clearState, deleteState, listState, readState, writeState } from "./state/manage.ts";
import type { GivenState, StatePageRequest } from "./state/manage.ts";
import type { ShownState } from "./state/shown-state.ts";
import { type RunOfState, stateOfRun } from "./state/run-state.ts";
import type { StateStore } from "./state/state-store.ts";
import { listUnmatched } from "./unmatched/list.ts";
import { createUnmatchedRecorder } from "./unmatched/record.ts";
import type { UnmatchedRecorder } from "./unmatched/record.ts";
import type { UnmatchedHit, UnmatchedLog } from "./unmatched/unmatched-hit.ts";

export interface RespondersDeps extends GrantDeps, EgressDeps, ForwardDeps {
  readonly db: Db;
  readonly kv: Kv;
  /** What the policy of egress says of a URL. */
  readonly refusalOf: (url: string) => Refusal | undefined;
  /** Lets work go on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  readonly compile: (input: CompileInput) => Promise<Compiled>;
  readonly link: (input: LinkInput) => Promise<Linked>;
  readonly execute: Execute;
  /** Where senders reach a path, as a whole URL. */
  readonly urlOf: (handle: string, label: string | null, path: string) => string;
  /** The account's Durable Object `Unmatched`. */
  readonly unmatchedOf: (accountId: string) => UnmatchedLog;
  /** A responder's Durable Object `ScriptState`. */
  readonly stateOf: (responderId: string) => StateStore;
  /** Empties a responder's Durable Object `Journal` for good, and drops what else is kept under its id. */
  readonly eraseJournal: (responderId: string) => Promise<void>;
  /** By which a save judges targets of notifications. */
  readonly targetTerms: NotificationsNoun["termsFor"];
  /** For the operator: what went on in spite of a failure. */
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** All that the noun does. The edge gets the first part of it only. */
export interface Responders extends HitPowers, StatePowers, Publisher, UseQuestions {
  readonly create: (principal: Principal, input: ResponderInput) => Promise<SavedResponder>;
  readonly list: (
    principal: Principal,
    page: PageRequest,
  ) => Promise<{ readonly items: readonly Responder[]; readonly more: boolean }>;
  readonly read: (principal: Principal, id: string) => Promise<Responder>;
  readonly update: (
    principal: Principal,
    id: string,
    patch: ResponderInput,
    ifMatch: IfMatch,
  ) => Promise<SavedResponder>;
  readonly delete: (principal: Principal, id: string, ifMatch: IfMatch) => Promise<void>;
  readonly listRevisions: (principal: Principal, id: string) => Promise<readonly Revision[]>;
  readonly readRevision: (principal: Principal, id: string, revision: number) => Promise<WholeRevision>;
  readonly restore: (
    principal: Principal,
    id: string,
    revision: number,
    ifMatch: IfMatch,
  ) => Promise<SavedResponder>;
  readonly test: (principal: Principal, id: string, request: TrialRequest) => Promise<Trial>;
  readonly run: (principal: Principal, input: ResponderInput, request: TrialRequest) => Promise<Trial>;
  /** To answer hits of before. */
  readonly openReplayer: (principal: Principal, id: string) => Promise<Replayer>;
  /** To send hits of before to a URL of their owner's. */
  readonly openResender: (principal: Principal, id: string) => Promise<Resender>;
  readonly listUnmatched: (principal: Principal) => Promise<readonly UnmatchedHit[]>;
  /** What the script library asks of responders. */
  readonly followers: Followers;
  readonly count: (accountId: string) => Promise<number>;
  /** Ids, newest first. */
  readonly listIds: (accountId: string, most: number) => Promise<readonly string[]>;
  /** Whether the account has this responder. */
  readonly has: (accountId: string, id: string) => Promise<boolean>;
  /** Whom a responder's hits are told to, as it is defined now; `null`: it is gone, or its account suspended. */
  readonly notified: (id: string) => Promise<Notified | null>;
  /** Deletes all that responders keep of an account. May be called again. */
  readonly eraseAccount: (account: { readonly id: string; readonly handle: string }) => Promise<void>;
  /** For the cron: empties some of the Durable Objects that deletes left. Returns how many responders are done. */
  readonly emptyDeparted: () => Promise<number>;
}

/** What its owner may do with what a responder's script keeps. */
export interface StatePowers {
  readonly listState: (principal: Principal, responderId: string, page: StatePageRequest) => Promise<KvPage>;
  readonly readState: (principal: Principal, responderId: string, key: string) => Promise<ShownState>;
  readonly writeState: (
    principal: Principal,
    responderId: string,
    key: string,
    given: GivenState,
    ifMatch: IfMatch,
  ) => Promise<KvHead>;
  readonly deleteState: (
    principal: Principal,
    responderId: string,
    key: string,
    ifMatch: IfMatch,
  ) => Promise<void>;
  readonly clearState: (principal: Principal, responderId: string) => Promise<void>;
}

/** What a hit needs. */
export interface HitPowers {
  readonly find: Tables["find"];
  /** Which secrets the hit may use, opened: from memory, else the database. */
  readonly grant: (matched: {
    readonly responder: Pick<RoutedResponder, "secrets">;
    readonly account: { readonly id: string };
  }) => Promise<HitGrants>;
  readonly respond: (
    matched: Matched,
    granted: HitGrants,
    hit: Hit,
    raw: RawRequest | null,
  ) => Promise<Responded>;
  readonly recordUnmatched: UnmatchedRecorder["record"];
}

/** Compiled programs and large default responses that this isolate remembers, in bytes of UTF-16. */
const PROGRAM_BYTES = 8 * 1024 * 1024;
const RESPONSE_BYTES = 8 * 1024 * 1024;

export const createResponders = (deps: RespondersDeps): Responders => {
  const { db, kv, now, sleep, defer, warn } = deps;
  const tables = createTables({
    now,
    sleep,
    defer,
    warn,
    readCached: kv.getRoutes,
    readTruth: async (handle) => {
      const built = await buildRoutes(db, { handle });
      return built.kind === "built" ? built.table : undefined;
    },
  });
  const publisher = createPublisher({ db, kv, tables, now, sleep, defer, warn });
  const programs = createContent({
    kind: "code",
    maxBytes: PROGRAM_BYTES,
    readCached: kv.getCode,
    readTruth: (holder) => readCurrent(db, holder, ({ program }) => program ?? undefined),
    parse: (text) => readProgram(parseJson(text)),
    warn,
  });
  const responses = createContent({
    kind: "response",
    maxBytes: RESPONSE_BYTES,
    readCached: kv.getResponse,
    readTruth: (holder) => readCurrent(db, holder, ({ definition }) => definitionText(definition)),
    parse: (text) => readDefaultResponse(parseJson(text)),
    warn,
  });
  const respondDeps = {
    ...deps,
    loadProgram: programs.load,
    loadResponse: responses.load,
    stateFor: (run: RunOfState) => stateOfRun(deps, run),
  };
  const manage: ManageDeps = { ...deps, publish: publisher.publish };
  return {
    find: tables.find,
    grant: ({ responder, account }) => grantHit(deps, account.id, responder.secrets),
    respond: (matched, granted, hit, raw) =>
      respond(respondDeps, matched, granted, hit, raw === null ? {} : { raw }),
    recordUnmatched: createUnmatchedRecorder({ logOf: deps.unmatchedOf, sleep }).record,
    ...publisher,
    create: (principal, input) => createResponder(manage, principal, input),
    list: (principal, page) => listResponders(manage, principal, page),
    read: (principal, id) => readResponder(manage, principal, id),
    update: (principal, id, patch, ifMatch) => updateResponder(manage, principal, id, patch, ifMatch),
    delete: (principal, id, ifMatch) => deleteResponder(manage, principal, id, ifMatch),
    listRevisions: (principal, id) => listRevisions(manage, principal, id),
    readRevision: (principal, id, revision) => readRevision(manage, principal, id, revision),
    restore: (principal, id, revision, ifMatch) => restoreRevision(manage, principal, id, revision, ifMatch),
    test: (principal, id, request) => testResponder(manage, principal, id, request),
    run: (principal, input, request) => runUnsaved(manage, principal, input, request),
    openReplayer: (principal, id) => openReplayer(manage, principal, id),
    openResender: (principal, id) => openResender(manage, principal, id),
    listUnmatched: (principal) => listUnmatched(deps.unmatchedOf, principal),
    followers: createFollowers(manage),
    count: (accountId) => countResponders(db, accountId),
    listIds: (accountId, most) => listIds(db, accountId, most),
    notified: (id) => readNotified(db, id),
    has: (accountId, id) => hasResponder(db, accountId, id),
    eraseAccount: (account) => eraseAccount({ ...deps, tables }, account),
    emptyDeparted: () => emptyDeparted(deps),
    usersOf: (accountId, secrets) => usersOfSecrets(db, accountId, secrets),
    overloadedBy: (accountId, secrets, mostBytes) => overloadedBy(db, accountId, secrets, mostBytes),
    exposedBy: (accountId, secretId) => exposedBy(db, accountId, secretId),
    listState: (principal, id, page) => listState(deps, principal, id, page),
    readState: (principal, id, key) => readState(deps, principal, id, key),
    writeState: (principal, id, key, given, ifMatch) => writeState(deps, principal, id, key, given, ifMatch),
    deleteState: (principal, id, key, ifMatch) => deleteState(deps, principal, id, key, ifMatch),
    clearState: (principal, id) => clearState(deps, principal, id),
  };
};
