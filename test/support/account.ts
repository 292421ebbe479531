import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import worker from "../../src/index.ts";
import { callerOf, type Got, type Sent } from "./api.ts";

/** The whole Worker, called as the platform would; what it defers may go on when this resolves. */
export const fetchWorker = async (request: Request): Promise<Response> => {
  const context = createExecutionContext();
  const response = await worker.fetch(
    new Request<unknown, IncomingRequestCfProperties>(request),
    env,
    context,
  );
  await waitOnExecutionContext(context);
  return response;
};
export const call = callerOf({ fetch: fetchWorker });

export interface TestAccount {
  readonly id: string;
  readonly handle: string;
  readonly key: string;
  /** A call of the management API with the account's own key. */
  readonly api: (method: string, path: string, json?: unknown, headers?: Sent["headers"]) => Promise<Got>;
  /** A hit, by host style. */
  readonly hit: (
    method: string,
    path: string,
    init?: RequestInit & { readonly label?: string },
  ) => Promise<Response>;
}

let made = 0;

/** A new account of its own for a test. */
export const mintAccount = async (more: object = {}): Promise<TestAccount> => {
  made += 1;
  const { status, body } = await call("POST", "/api/v1/accounts", {
    key: env.ADMIN_TOKEN ?? "",
    json: { name: `Account ${made}`, tier: "ultimate", ...more },
  });
  if (status !== 201) throw new Error(`No account: ${status} ${JSON.stringify(body)}`);
  const { id, handle } = body;
  const key: string = body.key.secret;
  return {
    id,
    handle,
    key,
    api: (method, path, json, headers = {}) => call(method, `/api/v1${path}`, { key, json, headers }),
    hit: (method, path, { label, ...init } = {}) => {
      const host = label === undefined ? handle : `${label}-${handle}`;
      return fetchWorker(new Request(`http://${host}.localhost${path}`, { method, ...init }));
    },
  };
};

/** A key of the account with these scopes only. */
export const keyWith = async (account: TestAccount, scopes: readonly string[]): Promise<string> => {
  const { body } = await account.api("POST", "/keys", { name: "narrow", scopes });
  return body.secret;
};
