import type { Journals } from "../journal/index.ts";
import type { Responder, Responders } from "../responders/index.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { pageOf, pageRequest, SearchQuery, toPage } from "./page.ts";
import { ResponderGiven, ResponderPatch } from "./responders-fields.ts";
import { registerRevisions } from "./responders-revisions.ts";
import {
  ReadResponder,
  ResponderShown,
  SavedResponderShown,
  showResponder,
  showSaved,
  showStats,
} from "./responders-shown.ts";
import { registerTrials } from "./responders-trials.ts";
import type { Router } from "./router.ts";

export interface ResponderRoutesDeps {
  readonly responders: Responders;
  readonly journals: Pick<Journals, "stats">;
}

const all = { path: "/api/v1/responders", tag: "Responders" } as const;
const one = { path: "/api/v1/responders/:id", params: { id: "rsp" }, tag: "Responders" } as const;

const SAVING =
  "Saving is a run: a script is stripped, scanned and compiled in the sandbox, and a syntax error is a 422 with line " +
  "and column. It holds at once where it was made, and everywhere within 65 s.";

export const registerResponders = (router: Router, deps: ResponderRoutesDeps): void => {
  const { responders, journals } = deps;

  /** Where nothing is kept, nothing is counted. */
  const statsOf = async ({ id, definition }: Responder) =>
    showStats(definition.journal.keep === 0 ? null : await journals.stats(id));

  router.scoped(
    {
      ...all,
      id: "createResponder",
      method: "post",
      summary: "Make a responder",
      description: SAVING,
      scope: "responders:write",
      query: NO_QUERY,
      body: ResponderGiven,
      status: 201,
      shown: SavedResponderShown,
    },
    async (principal, { body }) => {
      const saved = await responders.create(principal, body);
      return { ...showSaved(saved), location: `/api/v1/responders/${saved.id}` };
    },
  );

  router.scoped(
    {
      ...all,
      id: "listResponders",
      method: "get",
      summary: "List responders",
      description:
        "Newest first. A page ends early rather than grow beyond some megabytes: go by `nextCursor`.",
      scope: "responders:read",
      query: SearchQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(ResponderShown).openapi("ResponderPage"),
    },
    async (principal, { query }) => {
      const list = `responders:${principal.account.id}`;
      const { items, more } = await responders.list(principal, pageRequest(list, query));
      // Of a page that has another, `toPage` wants to see one item too many.
      const last = items.at(-1);
      return { body: toPage(list, items.length, more && last ? [...items, last] : items, showResponder) };
    },
  );

  router.scoped(
    {
      ...one,
      id: "readResponder",
      method: "get",
      summary: "Read a responder",
      scope: "responders:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: ReadResponder,
    },
    async (principal, { param }) => {
      const responder = await responders.read(principal, param("id"));
      return { body: { ...showResponder(responder), stats: await statsOf(responder) }, etag: responder.etag };
    },
  );

  router.scoped(
    {
      ...one,
      id: "updateResponder",
      method: "patch",
      summary: "Change a responder",
      description: `What is not named does not change, \`null\` is the default again; \`script\`, \`method\`, \`response.headers\` and \`response.body\` are replaced whole. ${SAVING}`,
      scope: "responders:write",
      query: NO_QUERY,
      body: ResponderPatch,
      status: 200,
      shown: SavedResponderShown,
      guarded: true,
      conflicts: true,
    },
    async (principal, { param, body, ifMatch }) =>
      showSaved(await responders.update(principal, param("id"), body, ifMatch)),
  );

  router.scoped(
    {
      ...one,
      id: "deleteResponder",
      method: "delete",
      summary: "Delete a responder",
      description:
        "With its revisions. Its hooks answer 404 at once where it was deleted, and everywhere within 65 s.",
      scope: "responders:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      guarded: true,
    },
    async (principal, { param, ifMatch }) => {
      await responders.delete(principal, param("id"), ifMatch);
      return { body: undefined };
    },
  );

  registerRevisions(router, deps);
  registerTrials(router, deps);
};
