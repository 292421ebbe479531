import { env } from "cloudflare:workers";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { type Accounts, createAccounts } from "../../src/accounts/index.ts";
import type { Api } from "../../src/api/app.ts";
import type { BaseDeps } from "../../src/api/deps.ts";
import { createAnswerStore, createDb } from "../../src/storage/index.ts";
import type { ApiEvent } from "../../src/telemetry/index.ts";

export const ADMIN_TOKEN = "operators-token-0123456789abcdef0123456789";

/** What the API under test did besides answering. */
export interface Witness {
  readonly published: string[];
  readonly erased: string[];
  readonly events: ApiEvent[];
  readonly errors: unknown[];
  /** Accounts that have called too often. */
  readonly limited: Set<string>;
  /** Moves the clock of everything that is built with these deps. */
  skip: (ms: number) => void;
}

/** Real storage, and a clock, a publisher and a log that tests can look into. */
export const createWorld = () => {
  let skipped = 0;
  const now = (): number => Date.now() + skipped;
  const witness: Witness = {
    published: [],
    erased: [],
    events: [],
    errors: [],
    limited: new Set(),
    skip: (ms) => {
      skipped += ms;
    },
  };
  const db = createDb(env.DB);
  const deferred: Promise<unknown>[] = [];
  const accounts: Accounts = createAccounts({
    db,
    now,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    publishRoutes: async (accountId) => {
      witness.published.push(accountId);
    },
    eraseAccount: async ({ id }) => {
      witness.erased.push(id);
    },
    defer: (work) => {
      deferred.push(work);
    },
  });
  const answers = createAnswerStore(db);
  const base: BaseDeps = {
    now,
    accounts,
    answers,
    withinRate: async ({ id }) => !witness.limited.has(id),
    adminToken: ADMIN_TOKEN,
    logEvent: (event) => {
      witness.events.push(event);
    },
    logError: (_where, error) => {
      witness.errors.push(error);
    },
  };
  return { db, accounts, answers, base, witness, settled: () => Promise.all(deferred) };
};

export interface Sent {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; with `text`, nothing is encoded. */
  readonly json?: unknown;
  readonly text?: BodyInit;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

const ORIGIN = "http://localhost";

/** Calls an API as a client would, and waits for what it defers. */
export const callerOf =
  (api: Api) =>
  async (method: string, path: string, sent: Sent = {}): Promise<Got> => {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const body = sent.text ?? (sent.json === undefined ? undefined : JSON.stringify(sent.json));
    const request = new Request(ORIGIN + path, {
      method,
      headers: {
        ...(sent.key === undefined ? {} : { authorization: `Bearer ${sent.key}` }),
        ...(body === undefined ? {} : { "content-type": type }),
        ...sent.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const context = createExecutionContext();
    const response = await api.fetch(request, context);
    const text = await response.text();
    await waitOnExecutionContext(context);
    const isJson = text !== "" && response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };

export type Caller = ReturnType<typeof callerOf>;

/** The code of a problem answer. */
export const codeOf = (got: Got): string =>
  String(got.body?.type ?? "").replace("urn:hookwright:problem:", "");

export const pathsOf = (got: Got): readonly string[] =>
  (got.body?.errors ?? []).map((error: { path: string }) => error.path);
