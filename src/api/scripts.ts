import type { Scripts } from "../scripts/index.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { pageOf, pageRequest, SearchQuery, toPage } from "./page.ts";
import type { Router } from "./router.ts";
import { registerDrafts } from "./scripts-drafts.ts";
import { PublishQuery, ScriptCreated, ScriptPatched } from "./scripts-fields.ts";
import { publish, PublishedShown, PUBLISHING } from "./scripts-publishing.ts";
import {
  SavedScriptShown,
  ScriptShown,
  ScriptSummaryShown,
  showSavedScript,
  showScript,
  showSummary,
} from "./scripts-shown.ts";
import { registerVersions } from "./scripts-versions.ts";

export interface ScriptRoutesDeps {
  readonly scripts: Scripts;
}

const all = { path: "/api/v1/scripts", tag: "Scripts" } as const;
const one = { path: "/api/v1/scripts/:id", params: { id: "scr" }, tag: "Scripts" } as const;

const SAVING =
  "Saving is a run: the source is stripped, scanned and compiled in the sandbox, and what it imports is looked up. A " +
  "syntax error is a 422 with line and column; so is an import that does not exist, or goes in a circle.";

export const registerScripts = (router: Router, deps: ScriptRoutesDeps): void => {
  const { scripts } = deps;

  router.scoped(
    {
      ...all,
      id: "createScript",
      method: "post",
      summary: "Make a script",
      description: `In the account's library, where sources import it as \`scripts/NAME\`. ${SAVING}`,
      scope: "scripts:write",
      query: NO_QUERY,
      body: ScriptCreated,
      status: 201,
      shown: SavedScriptShown,
    },
    async (principal, { body }) => {
      const saved = await scripts.create(principal, body);
      return { ...showSavedScript(saved), location: `/api/v1/scripts/${saved.id}` };
    },
  );

  router.scoped(
    {
      ...all,
      id: "listScripts",
      method: "get",
      summary: "List scripts",
      description:
        "Newest first, without sources, drafts and users, which may be megabytes: read one script for those.",
      scope: "scripts:read",
      query: SearchQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(ScriptSummaryShown).openapi("ScriptPage"),
    },
    async (principal, { query }) => {
      const list = `scripts:${principal.account.id}`;
      const page = pageRequest(list, query);
      return { body: toPage(list, page.limit, await scripts.list(principal, page), showSummary) };
    },
  );

  router.scoped(
    {
      ...one,
      id: "readScript",
      method: "get",
      summary: "Read a script",
      scope: "scripts:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: ScriptShown,
    },
    async (principal, { param }) => {
      const script = await scripts.read(principal, param("id"));
      return { body: showScript(script), etag: script.etag };
    },
  );

  router.scoped(
    {
      ...one,
      id: "updateScript",
      method: "patch",
      summary: "Change a script",
      description:
        "What is not named does not change. Another source or language is a new version; the same again is none. " +
        "Responders that `ref` the script follow a rename; while sources import it by its name, a rename is a 409 that " +
        `names them. ${SAVING}\n\n${PUBLISHING}`,
      scope: "scripts:write",
      query: PublishQuery,
      body: ScriptPatched,
      status: 200,
      shown: PublishedShown,
      guarded: true,
      conflicts: true,
    },
    async (principal, { param, query, body, ifMatch }) =>
      publish(
        query,
        () => scripts.foresee.update(principal, param("id"), body, ifMatch),
        () => scripts.update(principal, param("id"), body, ifMatch),
      ),
  );

  router.scoped(
    {
      ...one,
      id: "deleteScript",
      method: "delete",
      summary: "Delete a script",
      description:
        "With its versions and its draft. While a responder, or another script's latest version, uses it: a 409 that " +
        "names them.",
      scope: "scripts:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
      guarded: true,
      conflicts: true,
    },
    async (principal, { param, ifMatch }) => {
      await scripts.delete(principal, param("id"), ifMatch);
      return { body: undefined };
    },
  );

  registerVersions(router, deps);
  registerDrafts(router, deps);
};
