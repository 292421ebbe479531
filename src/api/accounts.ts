import { z } from "@hono/zod-openapi";
import { type AccountRecord, etagOfAccount, TIERS } from "../accounts/index.ts";
import type { AccountRoutesDeps } from "./deps.ts";
import { EtagShown, NameField, shownTime, TimeShown } from "./fields.ts";
import { LimitsPatch, LimitsShown, showLimits } from "./limits.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { pageOf, pageRequest, SearchQuery, toPage } from "./page.ts";
import type { Router } from "./router.ts";

const TierField = z.enum(TIERS);

const AccountInput = z
  .strictObject({
    name: NameField,
    handle: z.string().optional().openapi({
      pattern: "^[a-z][a-z0-9]{2,31}$",
      description: "Random when left out. Never one that was ever given, nor a reserved name.",
    }),
    tier: TierField.optional().openapi({ default: "basic" }),
  })
  .openapi("AccountInput", { example: { name: "Globex", handle: "globex", tier: "standard" } });

const AccountPatch = z
  .strictObject({
    name: NameField.optional(),
    tier: TierField.optional(),
    limits: LimitsPatch.nullable().optional(),
    suspended: z.boolean().optional().openapi({
      description:
        "Within 65 s hooks answer 410; at once the management API is read-only, but for deleting keys.",
    }),
  })
  .openapi("AccountPatch", { example: { tier: "professional", suspended: false } });

const accountShown = {
  id: z.string().openapi({ example: "acc_01jz3v8q6hft2m5x9k7w4c0b1d" }),
  name: z.string(),
  handle: z.string(),
  tier: TierField,
  limits: LimitsShown,
  suspended: z.boolean(),
  createdAt: TimeShown,
  updatedAt: TimeShown,
  etag: EtagShown,
};
const Account = z.object(accountShown).openapi("Account");
const NewAccount = z
  .object({
    ...accountShown,
    key: z
      .object({ id: z.string(), secret: z.string().optional() })
      .openapi({ description: "A key with the scope `*`. The secret is in this answer only." }),
  })
  .openapi("NewAccount");

const LIST = "accounts:operator";

const showAccount = (account: AccountRecord) => ({
  id: account.id,
  name: account.name,
  handle: account.handle,
  tier: account.tier,
  limits: showLimits(account.limits),
  suspended: account.suspended,
  createdAt: shownTime(account.createdAt),
  updatedAt: shownTime(account.updatedAt),
  etag: etagOfAccount(account),
});

const withEtag = (account: AccountRecord) => ({ body: showAccount(account), etag: etagOfAccount(account) });

const one = { path: "/api/v1/accounts/:id", params: { id: "acc" }, tag: "Accounts" } as const;
const all = { path: "/api/v1/accounts", tag: "Accounts" } as const;

export const registerAccounts = (router: Router, { accounts }: AccountRoutesDeps): void => {
  router.operators(
    {
      ...all,
      id: "createAccount",
      method: "post",
      summary: "Make an account, with its first key",
      query: NO_QUERY,
      body: AccountInput,
      status: 201,
      shown: NewAccount,
    },
    async (operator, { body }) => {
      const { key, ...account } = await accounts.create(operator, body);
      const shown = withEtag(account);
      return {
        ...shown,
        body: { ...shown.body, key },
        kept: { ...shown.body, key: { id: key.id } },
        location: `/api/v1/accounts/${account.id}`,
      };
    },
  );

  router.operators(
    {
      ...all,
      id: "listAccounts",
      method: "get",
      summary: "List accounts",
      description: "Newest first.",
      query: SearchQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(Account).openapi("AccountPage"),
    },
    async (operator, { query }) => {
      const page = pageRequest(LIST, query);
      return { body: toPage(LIST, page.limit, await accounts.list(operator, page), showAccount) };
    },
  );

  router.operators(
    {
      ...one,
      id: "readAccount",
      method: "get",
      summary: "Read an account",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: Account,
    },
    async (operator, { param }) => withEtag(await accounts.read(operator, param("id"))),
  );

  router.operators(
    {
      ...one,
      id: "updateAccount",
      method: "patch",
      summary: "Change an account",
      description:
        "Name, tier, single limits over the tier's, or suspension. What is not named does not change.",
      query: NO_QUERY,
      body: AccountPatch,
      status: 200,
      shown: Account,
      guarded: true,
    },
    async (operator, { param, body, ifMatch }) =>
      withEtag(await accounts.update(operator, param("id"), body, ifMatch)),
  );

  router.operators(
    {
      ...one,
      id: "deleteAccount",
      method: "delete",
      summary: "Delete an account",
      description:
        "Its keys end at once, its hooks within 65 s; its data goes in the background. Its handle is never given again.",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      guarded: true,
    },
    async (operator, { param, ifMatch }) => {
      await accounts.delete(operator, param("id"), ifMatch);
      return { body: undefined };
    },
  );
};
