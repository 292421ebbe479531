import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { utf8 } from "../../src/lib/bytes.ts";
import type { KvEntry, KvQuery, KvValue, KvWrite } from "../../src/runtime/index.ts";

/** The real object of a responder; any name will do. */
export const stateObject = (name: string) => env.SCRIPT_STATE.get(env.SCRIPT_STATE.idFromName(name));

let made = 0;
export const newStateObject = () => stateObject(`test-${(made += 1)}`);

export const json = (value: unknown): KvValue => ({ type: "json", bytes: utf8(JSON.stringify(value)) });

export const write = (key: string, value: unknown, more: Partial<KvWrite> = {}): KvWrite => ({
  key,
  value: value instanceof Uint8Array ? { type: "bytes", bytes: Uint8Array.from(value) } : json(value),
  ttlMs: null,
  condition: null,
  ...more,
});

export const query = (more: Partial<KvQuery> = {}): KvQuery => ({
  prefix: "",
  after: null,
  limit: 100,
  values: true,
  ...more,
});

export const valueOf = (entry: KvEntry | null): unknown => {
  if (entry?.bytes === undefined || entry.bytes === null) return undefined;
  return entry.type === "bytes" ? entry.bytes : JSON.parse(new TextDecoder().decode(entry.bytes));
};

/** Moves the ends of all entries into the past, as if time had gone on. */
export const expireAll = (stub: ReturnType<typeof stateObject>): Promise<void> =>
  runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec("UPDATE entries SET expires_at = 1 WHERE expires_at IS NOT NULL");
  });

export const rowsIn = (stub: ReturnType<typeof stateObject>): Promise<number> =>
  runInDurableObject(stub, (_, { storage }) =>
    Number(storage.sql.exec("SELECT count(*) AS n FROM entries").one()["n"]),
  );
