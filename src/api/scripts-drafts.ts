import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import type { Router } from "./router.ts";
import { DraftGiven, PublishQuery } from "./scripts-fields.ts";
import { publish, PublishedShown, PUBLISHING } from "./scripts-publishing.ts";
import { SavedScriptShown, showSavedScript } from "./scripts-shown.ts";
import type { ScriptRoutesDeps } from "./scripts.ts";

const base = "/api/v1/scripts/:id/draft";
const one = { path: base, params: { id: "scr" }, tag: "Scripts" } as const;

export const registerDrafts = (router: Router, { scripts }: ScriptRoutesDeps): void => {
  router.scoped(
    {
      ...one,
      id: "writeScriptDraft",
      method: "put",
      summary: "Save a draft",
      description:
        "In place of the one that is there. It reaches nobody, and it may be faulty: faults of its syntax are among the " +
        "warnings, and `POST …/draft/publish?dryRun=1` tells the rest.",
      scope: "scripts:write",
      query: NO_QUERY,
      body: DraftGiven,
      status: 200,
      shown: SavedScriptShown,
      guarded: true,
    },
    async (principal, { param, body, ifMatch }) => {
      const draft = { source: body.source, language: body.language ?? "js" };
      return showSavedScript(await scripts.writeDraft(principal, param("id"), draft, ifMatch));
    },
  );

  router.scoped(
    {
      ...one,
      id: "deleteScriptDraft",
      method: "delete",
      summary: "Drop a draft",
      scope: "scripts:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      guarded: true,
    },
    async (principal, { param, ifMatch }) => {
      await scripts.deleteDraft(principal, param("id"), ifMatch);
      return { body: undefined };
    },
  );

  router.scoped(
    {
      ...one,
      path: `${base}/publish`,
      id: "publishScriptDraft",
      method: "post",
      summary: "Publish a draft",
      description: `Makes it the newest version, and drops the draft. ${PUBLISHING}`,
      scope: "scripts:write",
      query: PublishQuery,
      body: NO_BODY,
      status: 200,
      shown: PublishedShown,
      guarded: true,
    },
    async (principal, { param, query, ifMatch }) =>
      publish(
        query,
        () => scripts.foresee.publishDraft(principal, param("id"), ifMatch),
        () => scripts.publishDraft(principal, param("id"), ifMatch),
      ),
  );
};
