/** Waits between the tries of one put, in ms: KV takes one write a second for each key. */
const BACKOFF_MS = [1_100, 2_200, 4_400, 8_800] as const;
/** How long a colo may serve what it read, in seconds; with 5 s of isolate memory it makes the 65 s of a change. */
const ROUTES_CACHE_SECONDS = 60;
/** Code and responses are named by their hash and never change. */
const CODE_CACHE_SECONDS = 86_400;

/** The Worker's use of KV, as text; who owns a value parses it. Keys are listed in docs/keyspace.md. */
export interface Kv {
  readonly getRoutes: (handle: string) => Promise<string | null>;
  /** One try; `false` when KV refused. Never throws: a publish must not fail the call that caused it. */
  readonly tryPutRoutes: (handle: string, table: string) => Promise<boolean>;
  /** Tries again with backoff, up to 17 s in all; `false` when KV refused to the end. Never throws. */
  readonly putRoutes: (handle: string, table: string) => Promise<boolean>;
  readonly deleteRoutes: (handle: string) => Promise<boolean>;
  /** `hash` is the SHA-256 of the code, hex. */
  readonly getCode: (hash: string) => Promise<string | null>;
  readonly putCode: (hash: string, code: string) => Promise<boolean>;
  readonly deleteCode: (hash: string) => Promise<boolean>;
  /** A default response too large for the route table; `hash` as for code. */
  readonly getResponse: (hash: string) => Promise<string | null>;
  readonly putResponse: (hash: string, response: string) => Promise<boolean>;
  readonly deleteResponse: (hash: string) => Promise<boolean>;
}

const routesKey = (handle: string): string => `routes:${handle}`;
const responseKey = (hash: string): string => `response:${hash}`;
const codeKey = (hash: string): string => `code:${hash}`;

const attempt = async (write: () => Promise<void>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch {
    return false;
  }
};

const persist = async (
  write: () => Promise<void>,
  sleep: (ms: number) => Promise<unknown>,
): Promise<boolean> => {
  if (await attempt(write)) return true;
  for (const pause of BACKOFF_MS) {
    await sleep(pause);
    if (await attempt(write)) return true;
  }
  return false;
};

/** What is used of a KV namespace. */
export interface KvBinding {
  readonly get: (key: string, options: { readonly cacheTtl: number }) => Promise<string | null>;
  readonly put: (key: string, value: string) => Promise<void>;
  readonly delete: (key: string) => Promise<void>;
}

/** `sleep` resolves after that many ms. */
export const createKv = (namespace: KvBinding, sleep: (ms: number) => Promise<unknown>): Kv => ({
  getRoutes: (handle) => namespace.get(routesKey(handle), { cacheTtl: ROUTES_CACHE_SECONDS }),
  tryPutRoutes: (handle, table) => attempt(() => namespace.put(routesKey(handle), table)),
  putRoutes: (handle, table) => persist(() => namespace.put(routesKey(handle), table), sleep),
  deleteRoutes: (handle) => persist(() => namespace.delete(routesKey(handle)), sleep),
  getCode: (hash) => namespace.get(codeKey(hash), { cacheTtl: CODE_CACHE_SECONDS }),
  putCode: (hash, code) => persist(() => namespace.put(codeKey(hash), code), sleep),
  deleteCode: (hash) => persist(() => namespace.delete(codeKey(hash)), sleep),
  getResponse: (hash) => namespace.get(responseKey(hash), { cacheTtl: CODE_CACHE_SECONDS }),
  putResponse: (hash, response) => persist(() => namespace.put(responseKey(hash), response), sleep),
  deleteResponse: (hash) => persist(() => namespace.delete(responseKey(hash)), sleep),
});
