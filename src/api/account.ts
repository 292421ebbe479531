import { z } from "@hono/zod-openapi";
import { TIERS } from "../accounts/index.ts";
import type { AccountRoutesDeps } from "./deps.ts";
import { LimitsShown, showLimits } from "./limits.ts";
import { NO_BODY, NO_QUERY } from "./operation.ts";
import type { Router } from "./router.ts";

const MyAccount = z
  .object({
    id: z.string(),
    name: z.string(),
    handle: z.string().openapi({ description: "In the URLs of the account's hooks." }),
    tier: z.enum(TIERS),
    limits: LimitsShown,
    usage: z
      .object({ responders: z.int(), scripts: z.int(), secrets: z.int(), keys: z.int() })
      .openapi({ description: "How many there are of each." }),
  })
  .openapi("MyAccount");

export const registerAccount = (router: Router, { accounts, usageOf }: AccountRoutesDeps): void => {
  router.scoped(
    {
      id: "readMyAccount",
      method: "get",
      path: "/api/v1/account",
      tag: "Account",
      summary: "Read the key's own account",
      description: "Its tier, every limit, and what it uses of them.",
      scope: "account:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: MyAccount,
    },
    async ({ account }) => {
      const { id, name, handle, tier, limits } = account;
      const [usage, keys] = await Promise.all([usageOf(id), accounts.countKeys(id)]);
      return { body: { id, name, handle, tier, limits: showLimits(limits), usage: { ...usage, keys } } };
    },
  );
};
