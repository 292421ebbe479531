import { exports } from "cloudflare:workers";
import { env } from "cloudflare:workers";

/** The whole Worker, as senders and callers meet it. */
export const send = (url: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(new Request(url, { redirect: "manual", ...init }));

const CONSOLE = "http://localhost";

const call = (token: string, method: string, path: string, body?: unknown): Promise<Response> =>
  send(`${CONSOLE}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

export const operate = (method: string, path: string, body?: unknown): Promise<Response> =>
  call(env.ADMIN_TOKEN ?? "", method, path, body);

export const fieldOf = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, name) => (typeof at === "object" && at !== null ? Reflect.get(at, name) : undefined),
    value,
  );

/** An account that only this test has, with a key that may do everything in it. */
export interface TestAccount {
  readonly id: string;
  readonly handle: string;
  readonly api: (method: string, path: string, body?: unknown) => Promise<Response>;
  /** Makes a responder; returns its id. */
  readonly respond: (body: Readonly<Record<string, unknown>>) => Promise<string>;
  /** A hit, host style; `path` as a sender writes it. */
  readonly hit: (path: string, init?: RequestInit & { readonly label?: string }) => Promise<Response>;
}

let made = 0;

export const newAccount = async (tier = "standard"): Promise<TestAccount> => {
  made += 1;
  const created = await operate("POST", "/api/v1/accounts", { name: `Test ${made}`, tier });
  const account: unknown = await created.json();
  const secret = fieldOf(account, "key", "secret");
  if (typeof secret !== "string") throw new Error(`no account: ${created.status} ${JSON.stringify(account)}`);
  const handle = String(fieldOf(account, "handle"));
  const api: TestAccount["api"] = (method, path, body) => call(secret, method, path, body);
  return {
    id: String(fieldOf(account, "id")),
    handle,
    api,
    respond: async (body) => {
      const response = await api("POST", "/api/v1/responders", { name: `Responder ${(made += 1)}`, ...body });
      const responder: unknown = await response.json();
      if (response.status !== 201)
        throw new Error(`not made: ${response.status} ${JSON.stringify(responder)}`);
      return String(fieldOf(responder, "id"));
    },
    hit: (path, { label, ...init } = {}) =>
      send(`http://${label === undefined ? "" : `${label}-`}${handle}.localhost${path}`, init),
  };
};
