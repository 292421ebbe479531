import { z } from "@hono/zod-openapi";
import type { Revision } from "../responders/index.ts";
import { shownTime, TimeShown } from "./fields.ts";
import { NO_BODY, NO_QUERY } from "./operation.ts";
import { pageOf, PageQuery } from "./page.ts";
import { pageOfAll } from "./responders-pages.ts";
import type { ResponderRoutesDeps } from "./responders.ts";
import { DefinitionShown, SavedResponderShown, showDefinition, showSaved } from "./responders-shown.ts";
import type { Router } from "./router.ts";

const revisionShown = {
  revision: z.int().openapi({ description: "From 1; the highest is what the responder is now." }),
  name: z.string(),
  createdAt: TimeShown,
  createdBy: z
    .string()
    .openapi({ description: "The key that saved it.", example: "key_01jz3v8q6hft2m5x9k7w4c0b1d" }),
};
const RevisionShown = z.object(revisionShown).openapi("Revision");
const WholeRevision = z.object({ ...revisionShown, responder: DefinitionShown }).openapi("WholeRevision");

const showRevision = ({ revision, name, createdAt, createdBy }: Revision): z.input<typeof RevisionShown> => ({
  revision,
  name,
  createdAt: shownTime(createdAt),
  createdBy,
});

const base = "/api/v1/responders/:id/revisions";
const one = { path: `${base}/:n`, params: { id: "rsp", n: "integer" }, tag: "Responders" } as const;

export const registerRevisions = (router: Router, { responders }: ResponderRoutesDeps): void => {
  router.scoped(
    {
      id: "listRevisions",
      method: "get",
      path: base,
      params: { id: "rsp" },
      tag: "Responders",
      summary: "List a responder's revisions",
      description: "Each save is one; the last 20 are kept. Newest first.",
      scope: "responders:read",
      query: PageQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(RevisionShown).openapi("RevisionPage"),
    },
    async (principal, { param, query }) => {
      const id = param("id");
      const revisions = await responders.listRevisions(principal, id);
      const numbered = revisions.map((revision) => ({ id: String(revision.revision), revision }));
      return {
        body: pageOfAll(`revisions:${id}`, query, numbered, ({ revision }) => showRevision(revision)),
      };
    },
  );

  router.scoped(
    {
      ...one,
      id: "readRevision",
      method: "get",
      summary: "Read a revision",
      scope: "responders:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: WholeRevision,
    },
    async (principal, { param }) => {
      const revision = await responders.readRevision(principal, param("id"), Number(param("n")));
      return {
        body: {
          ...showRevision(revision),
          responder: showDefinition(revision.definition, revision.secretNames),
        },
      };
    },
  );

  router.scoped(
    {
      ...one,
      path: `${base}/:n/restore`,
      id: "restoreRevision",
      method: "post",
      summary: "Restore a revision",
      description: "Saves it again, as a revision of its own, and with it everything that a save checks.",
      scope: "responders:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: SavedResponderShown,
      guarded: true,
    },
    async (principal, { param, ifMatch }) =>
      showSaved(await responders.restore(principal, param("id"), Number(param("n")), ifMatch)),
  );
};
