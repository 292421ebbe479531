import { z } from "@hono/zod-openapi";
import type { StateHead, StatePowers, ShownState } from "../responders/index.ts";
import { EtagShown, shownTime, shownTimeOrNull, TimeShown } from "./fields.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { pageOf, PageQuery, pageRequest, toPage } from "./page.ts";
import type { Router } from "./router.ts";

const headShown = {
  key: z.string(),
  type: z.enum(["json", "bytes"]),
  size: z.int().openapi({ description: "Of the value, in bytes; JSON is kept as its text." }),
  version: z.int().openapi({ description: "Another one after each write, also one of another key." }),
  createdAt: TimeShown,
  updatedAt: TimeShown,
  expiresAt: TimeShown.nullable().openapi({ description: "From then on it is not there; `null` is never." }),
  etag: EtagShown,
};

const EntryShown = z.object(headShown).openapi("StateEntry");

const ValueShown = z
  .object({
    ...headShown,
    value: z.unknown().optional().openapi({ description: "With `json`." }),
    base64: z.string().optional().openapi({ description: "With `bytes`." }),
  })
  .openapi("StateValue");

const ttlSeconds = z.number().nullable().optional().openapi({
  description: "How long it lives, up to 30 days. `null`, or left out: until it is deleted.",
  example: 3_600,
});

const ValueGiven = z
  .union(
    [
      z.strictObject({ value: z.unknown().refine((value) => value !== undefined, "Required."), ttlSeconds }),
      z.strictObject({ base64: z.string(), ttlSeconds }),
    ],
    { error: 'Give { "value": any JSON } or { "base64": "…" }, and "ttlSeconds" if it is to expire.' },
  )
  .openapi("StateInput", { example: { value: { seen: 3 }, ttlSeconds: 3_600 } });

const StateQuery = PageQuery.extend({
  prefix: z
    .string()
    .max(256)
    .optional()
    .openapi({ description: "What the keys begin with. The same for every page of a list." }),
});

const showHead = ({ createdAt, updatedAt, expiresAt, ...head }: StateHead): z.input<typeof EntryShown> => ({
  key: head.key,
  type: head.type,
  size: head.size,
  version: head.version,
  createdAt: shownTime(createdAt),
  updatedAt: shownTime(updatedAt),
  expiresAt: shownTimeOrNull(expiresAt),
  etag: String(head.version),
});

const showValue = (state: ShownState): z.input<typeof ValueShown> => ({
  ...showHead(state),
  ...("base64" in state ? { base64: state.base64 } : { value: state.value }),
});

const base = "/api/v1/responders/:id/state";
const all = { path: base, params: { id: "rsp" }, tag: "State" } as const;
const one = { path: `${base}/:key`, params: { id: "rsp", key: "text" }, tag: "State" } as const;

const KEY = "The key stands percent-encoded in the path, a slash in it as `%2F`.";

export const registerState = (router: Router, { responders }: { readonly responders: StatePowers }): void => {
  router.scoped(
    {
      ...all,
      id: "listState",
      method: "get",
      summary: "List a responder's state",
      description:
        "What its script sees as `ctx.kv` or `secutils.kv`, without the values, in the order of the keys' UTF-8.",
      scope: "state:read",
      query: StateQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(EntryShown).openapi("StatePage"),
    },
    async (principal, { param, query }) => {
      const id = param("id");
      const list = `state:${id}`;
      const { limit, after } = pageRequest(list, query);
      const { entries, more } = await responders.listState(principal, id, {
        prefix: query.prefix ?? "",
        after,
        limit,
      });
      const items = entries.map((head) => ({ id: head.key, head }));
      // Of a page that has another, `toPage` wants to see one item too many.
      const last = items.at(-1);
      const found = more && last !== undefined ? [...items, last] : items;
      return { body: toPage(list, items.length, found, ({ head }) => showHead(head)) };
    },
  );

  router.scoped(
    {
      ...all,
      id: "clearState",
      method: "delete",
      summary: "Delete all of a responder's state",
      scope: "state:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
    },
    async (principal, { param }) => {
      await responders.clearState(principal, param("id"));
      return { body: undefined };
    },
  );

  router.scoped(
    {
      ...one,
      id: "readState",
      method: "get",
      summary: "Read a key of a responder's state",
      description: KEY,
      scope: "state:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: ValueShown,
    },
    async (principal, { param }) => {
      const state = await responders.readState(principal, param("id"), param("key"));
      return { body: showValue(state), etag: String(state.version) };
    },
  );

  router.scoped(
    {
      ...one,
      id: "writeState",
      method: "put",
      summary: "Write a key of a responder's state",
      description: `In the place of what is there, its time to live included. ${KEY} Scripts that watch it wake at once. \`If-Match: *\` writes only over what is there.`,
      scope: "state:write",
      query: NO_QUERY,
      body: ValueGiven,
      status: 200,
      shown: EntryShown,
      guarded: true,
    },
    async (principal, { param, body, ifMatch }) => {
      const head = await responders.writeState(principal, param("id"), param("key"), body, ifMatch);
      return { body: showHead(head), etag: String(head.version) };
    },
  );

  router.scoped(
    {
      ...one,
      id: "deleteState",
      method: "delete",
      summary: "Delete a key of a responder's state",
      description: KEY,
      scope: "state:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      guarded: true,
    },
    async (principal, { param, ifMatch }) => {
      await responders.deleteState(principal, param("id"), param("key"), ifMatch);
      return { body: undefined };
    },
  );
};
