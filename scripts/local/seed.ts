import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { newId } from "../../src/lib/id.ts";
import { ROOT } from "../prepare.ts";

const KEY_NAME = "Local development";

/** Every value is of our own making: hex, an id or a number, so none needs quoting. */
const statements = (key: string, now: number): string => {
  const hash = createHash("sha256").update(key).digest("hex");
  const prefix = key.slice(0, "hw_dev_".length + 4);
  const demo = `(SELECT id FROM accounts WHERE handle = 'demo')`;
  return [
    `INSERT INTO handles (handle, takenAt) VALUES ('demo', ${now}) ON CONFLICT DO NOTHING`,
    `INSERT INTO accounts (id, handle, name, tier, createdAt, updatedAt)
       VALUES ('${newId("acc", now)}', 'demo', 'Demo', 'ultimate', ${now}, ${now}) ON CONFLICT DO NOTHING`,
    `DELETE FROM keys WHERE accountId = ${demo} AND name = '${KEY_NAME}' AND hash <> '${hash}'`,
    `INSERT INTO keys (id, accountId, name, prefix, hash, scopes, createdAt)
       VALUES ('${newId("key", now)}', ${demo}, '${KEY_NAME}', '${prefix}', '${hash}', '["*"]', ${now}) ON CONFLICT DO NOTHING`,
    `SELECT routesRevision AS revision FROM accounts WHERE handle = 'demo'`,
  ].join(";\n");
};

/**
 * Makes the account `demo` and its key in the local D1, where they are missing. The Worker never sees the key, only its hash.
 * `isNew`: nothing was ever saved in the account.
 */
export const seed = (state: string, key: string): { readonly isNew: boolean } => {
  const done = spawnSync(
    join(ROOT, "node_modules", ".bin", "wrangler"),
    [
      "d1",
      "execute",
      "hookwright",
      "--local",
      "--persist-to",
      state,
      "--json",
      "--command",
      statements(key, Date.now()),
    ],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, CI: "true" } },
  );
  const revision = /"revision":\s*(\d+)/.exec(done.stdout ?? "")?.[1];
  if (done.status !== 0 || revision === undefined) {
    process.stderr.write(`The demo account could not be made:\n${done.stdout}${done.stderr}\n`);
    process.exit(1);
  }
  return { isNew: revision === "0" };
};
