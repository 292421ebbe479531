import { registerAccount } from "./account.ts";
import { registerAccounts } from "./accounts.ts";
import { type Api, createBase } from "./base.ts";
import { registerDeclarations } from "./declarations.ts";
import type { ApiDeps } from "./deps.ts";
import { registerExchanges } from "./exchanges.ts";
import { registerKeys } from "./keys.ts";
import { registerMetrics } from "./metrics.ts";
import { registerNotifications } from "./notifications.ts";
import { registerOpenApi } from "./openapi.ts";
import { registerReference } from "./reference.ts";
import { registerResponders } from "./responders.ts";
import { registerSecrets } from "./secrets.ts";
import { registerScripts } from "./scripts.ts";
import { registerState } from "./state.ts";
import { registerTail } from "./tail.ts";
import { registerUnmatched } from "./unmatched.ts";

export type { Api } from "./base.ts";
export type { ApiDeps } from "./deps.ts";

/**
 * The management API, everything under `/api`. Each resource has its file of routes: add it here, in the order of the
 * document. Evaluating this module takes some 60 ms: reached by a dynamic `import()` only, so that a hit never pays for it.
 */
export const createApi = (deps: ApiDeps): Api =>
  createBase(deps, (router, app) => {
    registerResponders(router, deps);
    registerState(router, deps);
    registerExchanges(router, deps);
    registerTail(router, deps);
    registerMetrics(router, deps);
    registerUnmatched(router, deps);
    registerNotifications(router, deps);
    registerSecrets(router, deps);
    registerScripts(router, deps);
    registerAccount(router, deps);
    registerKeys(router, deps);
    registerAccounts(router, deps);
    registerDeclarations(app);
    registerOpenApi(app);
    registerReference(app, deps);
  });
