import type { Account, Accounts } from "../accounts/index.ts";
import type { Journals } from "../journal/index.ts";
import type { ApiEvent } from "../telemetry/index.ts";
import type { NotificationRoutesDeps } from "./notifications.ts";
import type { ExchangeRoutesDeps } from "./exchanges.ts";
import type { AnswerStore } from "./idempotency.ts";
import type { ResponderRoutesDeps } from "./responders.ts";
import type { SecretRoutesDeps } from "./secrets.ts";
import type { ScriptRoutesDeps } from "./scripts.ts";

/** What every operation needs, whatever it is about. */
export interface BaseDeps {
  readonly now: () => number;
  readonly accounts: Pick<Accounts, "authenticate" | "redeemTicket">;
  readonly answers: AnswerStore;
  /** Counts a call of an account; `false` when it has made too many in the last 10 s. */
  readonly withinRate: (account: Pick<Account, "id" | "tier">) => Promise<boolean>;
  /** `undefined`: operators' routes answer 503. */
  readonly adminToken: string | undefined;
  readonly logEvent: (event: ApiEvent) => void;
  readonly logError: (requestId: string, error: unknown) => void;
}

export interface AccountRoutesDeps {
  readonly accounts: Accounts;
  /** What an account has of what its plan counts, besides keys. */
  readonly usageOf: (accountId: string) => Promise<Usage>;
}

export interface Usage {
  readonly responders: number;
  readonly scripts: number;
  readonly secrets: number;
}

export interface ReferenceDeps {
  /** The static files, by their URL. */
  readonly assets: { readonly fetch: (request: Request) => Promise<Response> };
}

/** What the API may do: nothing but these. Each file of routes takes the part that it needs. */
export interface ApiDeps
  extends
    BaseDeps,
    AccountRoutesDeps,
    ResponderRoutesDeps,
    ExchangeRoutesDeps,
    SecretRoutesDeps,
    NotificationRoutesDeps,
    ScriptRoutesDeps,
    ReferenceDeps {
  readonly accounts: Accounts;
  readonly journals: Journals;
  readonly sleep: (ms: number) => Promise<void>;
}
