import { env } from "cloudflare:workers";
import { createSecrets, type MasterKey, type Secrets, type SecretsDeps } from "../../src/secrets/index.ts";
import { createDb } from "../../src/storage/index.ts";

export const masterKey = (id: string, fill: number): MasterKey => ({
  id,
  bytes: new Uint8Array(32).fill(fill),
});
/** The key of `MASTER_KEYS` in the tests' settings. */
export const TEST_KEY = masterKey("test", 0);

/** Secrets on the real database, with a clock and keys of the test's own. Deferred work is done when `settled` is. */
export const secretsWith = (
  more: Partial<SecretsDeps> = {},
): { readonly secrets: Secrets; readonly settled: () => Promise<unknown> } => {
  const deferred: Promise<unknown>[] = [];
  const secrets = createSecrets({
    db: createDb(env.DB),
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    defer: (work) => {
      deferred.push(work);
    },
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    masterKeys: [TEST_KEY],
    hostRules: { hooksHost: "localhost", consoleHosts: new Set(["localhost"]), allowed: [] },
    usersOf: async () => new Map(),
    overloadedBy: async () => undefined,
    exposedBy: async () => undefined,
    warn: () => undefined,
    ...more,
  });
  return { secrets, settled: () => Promise.all(deferred) };
};

/** The real database, and how many statements were prepared on it. */
export const countedDb = () => {
  const counted = { statements: 0 };
  const d1 = new Proxy(env.DB, {
    get: (target, name: keyof D1Database) => {
      if (name === "prepare") counted.statements += 1;
      const member = target[name];
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { db: createDb(d1), counted };
};

/** Every text and number of every table, as one text. */
export const dumpOfDatabase = async (): Promise<string> => {
  const tables = await env.DB.prepare("select name from sqlite_master where type = 'table'").all<{
    name: string;
  }>();
  const parts: string[] = [];
  for (const { name } of tables.results) {
    if (name.startsWith("_cf_") || name.startsWith("sqlite_")) continue;
    const rows = await env.DB.prepare(`select * from "${name}"`).all();
    parts.push(JSON.stringify(rows.results));
  }
  return parts.join("\n");
};
