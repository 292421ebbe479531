import { z } from "@hono/zod-openapi";
import { type KeyRecord, SCOPES } from "../accounts/index.ts";
import type { AccountRoutesDeps } from "./deps.ts";
import { NameField, shownTime, shownTimeOrNull, TimeGiven, TimeShown } from "./fields.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { pageOf, pageRequest, SearchQuery, toPage } from "./page.ts";
import type { Router } from "./router.ts";

const ScopeField = z.enum(SCOPES).openapi({ example: "responders:write" });

const KeyInput = z
  .strictObject({
    name: NameField,
    scopes: z
      .array(ScopeField)
      .min(1)
      .max(SCOPES.length)
      .refine((scopes) => new Set(scopes).size === scopes.length, "Each scope once.")
      .openapi({ description: "Only such as your key has; a `…:write` includes its `…:read`; `*` is all." }),
    expiresAt: TimeGiven.nullable().optional().openapi({
      description: "Not later than your own key's. Absent or `null`: never, if yours never does.",
    }),
  })
  .openapi("KeyInput", { example: { name: "CI", scopes: ["responders:write"], expiresAt: null } });

const keyShown = {
  id: z.string().openapi({ example: "key_01jz3v8q6hft2m5x9k7w4c0b1d" }),
  name: z.string(),
  prefix: z.string().openapi({ description: "To know it by.", example: "hw_live_Q3xZ" }),
  scopes: z.array(ScopeField).readonly(),
  expiresAt: TimeShown.nullable(),
  lastUsedAt: TimeShown.nullable().openapi({ description: "To the minute." }),
  createdAt: TimeShown,
};
const Key = z.object(keyShown).openapi("Key");
const NewKey = z
  .object({
    ...keyShown,
    secret: z.string().optional().openapi({
      description: "The key itself. Shown in this answer only; a replayed answer is without it.",
    }),
  })
  .openapi("NewKey");

const showKey = (key: KeyRecord) => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  expiresAt: shownTimeOrNull(key.expiresAt),
  lastUsedAt: shownTimeOrNull(key.lastUsedAt),
  createdAt: shownTime(key.createdAt),
});

const one = { path: "/api/v1/keys/:id", params: { id: "key" }, tag: "Keys" } as const;

export const registerKeys = (router: Router, { accounts }: AccountRoutesDeps): void => {
  router.scoped(
    {
      id: "createKey",
      method: "post",
      path: "/api/v1/keys",
      tag: "Keys",
      summary: "Make an API key",
      description: "A key makes only keys that can do no more, and live no longer, than itself.",
      scope: "keys:write",
      query: NO_QUERY,
      body: KeyInput,
      status: 201,
      shown: NewKey,
    },
    async (principal, { body }) => {
      const { secret, ...key } = await accounts.createKey(principal, body);
      const kept = showKey(key);
      return { body: { ...kept, secret }, kept, location: `/api/v1/keys/${key.id}` };
    },
  );

  router.scoped(
    {
      id: "listKeys",
      method: "get",
      path: "/api/v1/keys",
      tag: "Keys",
      summary: "List API keys",
      description: "Newest first. Expired ones are there until they are deleted.",
      scope: "keys:write",
      query: SearchQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(Key).openapi("KeyPage"),
    },
    async (principal, { query }) => {
      const list = `keys:${principal.account.id}`;
      const page = pageRequest(list, query);
      return { body: toPage(list, page.limit, await accounts.listKeys(principal, page), showKey) };
    },
  );

  router.scoped(
    {
      ...one,
      id: "readKey",
      method: "get",
      summary: "Read an API key",
      description: "Without its secret, which only its holder has.",
      scope: "keys:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: Key,
    },
    async (principal, { param }) => ({ body: showKey(await accounts.readKey(principal, param("id"))) }),
  );

  router.scoped(
    {
      ...one,
      id: "deleteKey",
      method: "delete",
      summary: "Delete an API key",
      description: "It fails from its next call on. A suspended account may still do this.",
      scope: "keys:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      whileSuspended: true,
    },
    async (principal, { param }) => {
      await accounts.deleteKey(principal, param("id"));
      return { body: undefined };
    },
  );
};
