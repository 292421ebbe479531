import { waitUntil } from "cloudflare:workers";
import { type Account, createAccounts, type Tier } from "./accounts/index.ts";
import type { Config } from "./config.ts";
import { createConsole } from "./console.ts";
import { type EdgeDeps, handle } from "./edge/index.ts";
import { openEgress } from "./egress.ts";
import {
  askJournal,
  createJournals,
  createRecorder,
  type JournalLog,
  journalLogOf,
  writeWatcher,
} from "./journal/index.ts";
import { runScheduled } from "./jobs/scheduled.ts";
import { createMail } from "./mail.ts";
import { createNotifications, type NotificationsNoun, type Notifier } from "./notifications/index.ts";
import { createPost } from "./post.ts";
import { createResponders, type Responders } from "./responders/index.ts";
import { createRuntime, type Reserve } from "./runtime/index.ts";
import { createSecrets, type Secrets } from "./secrets/index.ts";
import { compile, createExecute, createScripts, link, shareOf } from "./scripts/index.ts";
import { createAnswerStore, createDb, createKv } from "./storage/index.ts";
import { logError, logEvent, logWarning } from "./telemetry/index.ts";
import { namesHost } from "./lib/hosts.ts";
import { createOrigins } from "./origins.ts";

/** What the platform gives: bindings, settings that were checked, and the engine of `build/engine.wasm`. */
export interface AppParts {
  readonly env: Env;
  readonly config: Config;
  readonly engine: WebAssembly.Module;
}

export interface App {
  readonly fetch: (request: Request, context: Pick<ExecutionContext, "waitUntil">) => Promise<Response>;
  /** For journals, which live in objects of their own. */
  readonly notifier: Notifier;
  /** The cron's tick. */
  readonly scheduled: () => Promise<void>;
}

const now = (): number => Date.now();
const randomBytes = (count: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(count));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** What is deferred must not vanish without a word when it fails. */
const defer = (work: Promise<unknown>): void => waitUntil(work.catch((error) => logError("deferred", error)));

const ratesOf = (env: Env): Readonly<Record<Tier, RateLimit>> => ({
  basic: env.RATE_BASIC,
  standard: env.RATE_STANDARD,
  professional: env.RATE_PROFESSIONAL,
  ultimate: env.RATE_ULTIMATE,
});

/** The composition root: every noun is built here, once, with just the powers that it is handed. */
export const createApp = ({ env, config, engine }: AppParts): App => {
  const db = createDb(env.DB);
  const kv = createKv(env.ROUTES, sleep);
  const answers = createAnswerStore(db);
  const origins = createOrigins(config);
  const egress = openEgress(config, origins, { now, randomBytes });
  const runtime = createRuntime({ module: engine, now, onFault: (error) => logError("sandbox", error) });

  const reserve = (account: Pick<Account, "id" | "limits">): Reserve => runtime.reserve(shareOf(account, ""));
  const journalOf = (responderId: string) => env.JOURNAL.get(env.JOURNAL.idFromName(responderId));
  const responders: Responders = createResponders({
    db,
    kv,
    now,
    sleep,
    defer,
    compile: (input) => compile(runtime, input),
    link: (input) => link(runtime, input),
    execute: createExecute({ run: runtime.run, randomBytes }),
    urlOf: origins.urlOf,
    unmatchedOf: (accountId) => env.UNMATCHED.get(env.UNMATCHED.idFromName(accountId)),
    stateOf: (responderId) => env.SCRIPT_STATE.get(env.SCRIPT_STATE.idFromName(responderId)),
    eraseJournal: async (responderId) => {
      await secrets.dropSigning(responderId);
      await journalOf(responderId).erase();
    },
    targetTerms: (accountId, given, before) => notifications.termsFor(accountId, given, before),
    secretHeads: (accountId) => secrets.namesOf(accountId),
    resolveSecrets: (accountId, grant) => secrets.resolve(accountId, grant),
    touchSecrets: (accountId, ids) => secrets.touch(accountId, ids),
    randomBytes,
    openOutlet: egress.open,
    refusalOf: egress.refusalOf,
    fillPolicy: { allowsPlainHttp: (host, port) => namesHost(config.allowedHosts, host, port) },
    reserve,
    warn: logWarning,
  });
  const secrets: Secrets = createSecrets({
    db,
    now,
    sleep,
    defer,
    randomBytes,
    masterKeys: config.masterKeys,
    hostRules: {
      hooksHost: config.hooksHost,
      consoleHosts: config.consoleHosts,
      allowed: config.allowedHosts,
    },
    usersOf: responders.usersOf,
    overloadedBy: responders.overloadedBy,
    exposedBy: responders.exposedBy,
    warn: logWarning,
  });
  const logOf = (responderId: string): JournalLog => journalLogOf(journalOf(responderId));
  const notifications: NotificationsNoun = createNotifications({
    db,
    now,
    randomBytes,
    warn: logWarning,
    signing: secrets.signing,
    signingSince: secrets.signingSince,
    refusalOfUrl: (url) => egress.refusalOf(url)?.message,
    post: createPost(egress),
    sendMail: createMail(env.EMAIL, config.emailFrom),
    hasResponder: responders.has,
    subscriptionOf: responders.notified,
    noticesOf: (responderId) =>
      askJournal(
        () => logOf(responderId),
        (log) => log.notices(),
      ),
  });
  const scripts = createScripts({
    db,
    now,
    compile: (input) => compile(runtime, input),
    link: (input) => link(runtime, input),
    followers: responders.followers,
  });
  const accounts = createAccounts({
    db,
    now,
    randomBytes,
    defer,
    publishRoutes: responders.publish,
    eraseAccount: async (account) => {
      await secrets.eraseAccount(account.id);
      await notifications.eraseAccount(account.id);
      await responders.eraseAccount(account);
      await scripts.eraseAccount(account);
    },
  });

  const { record } = createRecorder({ now, sleep, sinkOf: journalOf, warn: logWarning });
  const journals = createJournals({
    now,
    sleep,
    reauthenticate: accounts.reauthenticate,
    hasResponder: responders.has,
    listResponders: async (accountId, most) => {
      const [ids, all] = await Promise.all([
        responders.listIds(accountId, most),
        responders.count(accountId),
      ]);
      return { ids, all };
    },
    logOf,
    openSocket: (responderId, watcher) => {
      const query = new URLSearchParams({ watcher: writeWatcher(watcher) });
      const headers = { upgrade: "websocket" };
      return journalOf(responderId).fetch(`https://journal/tail?${query.toString()}`, { headers });
    },
    openReplayer: responders.openReplayer,
    openResender: responders.openResender,
    readResponder: responders.read,
    createResponder: responders.create,
    record,
  });

  const rates = ratesOf(env);
  const withinRate = async (tier: Tier, key: string): Promise<boolean> =>
    (await rates[tier].limit({ key })).success;
  const console = createConsole({
    now,
    sleep,
    accounts,
    answers,
    // Apart from hooks: who works at the API takes nothing from those who send, nor they from them.
    withinRate: ({ id, tier }) => withinRate(tier, `api:${id}`),
    responders,
    scripts,
    journals,
    logEvent,
    logError,
    adminToken: config.adminToken,
    secrets,
    notifications,
    usageOf: async (accountId) => {
      const [ofResponders, ofScripts, ofSecrets] = await Promise.all([
        responders.count(accountId),
        scripts.count(accountId),
        secrets.count(accountId),
      ]);
      return { responders: ofResponders, scripts: ofScripts, secrets: ofSecrets };
    },
    assets: env.ASSETS,
  });
  const edge: Omit<EdgeDeps, "console"> = {
    hosts: config,
    adminToken: config.adminToken,
    now,
    hopsOf: egress.hopsOf,
    defer,
    logEvent,
    logError,
    find: responders.find,
    grant: responders.grant,
    withinRate: ({ id, tier }) => withinRate(tier, id),
    reserve,
    respond: responders.respond,
    recordUnmatched: responders.recordUnmatched,
    record,
  };

  return {
    notifier: notifications.notifier,
    fetch: (request, context) => {
      origins.arrive(request.url);
      return handle(request, {
        ...edge,
        console: (asked, path) => {
          origins.learn(asked.url);
          return console(asked, path, context);
        },
      });
    },
    scheduled: () =>
      runScheduled({
        now,
        logEvent,
        logError,
        purgeAnswers: answers.purge,
        finishDeletions: accounts.finishDeletions,
        emptyDeparted: responders.emptyDeparted,
        rewrapSecrets: secrets.continueRotation,
        listLagging: accounts.listLagging,
        publishRoutes: async (accountId) => {
          await responders.publishNow(accountId);
        },
      }),
  };
};
