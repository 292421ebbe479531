import { NO_BODY, NO_QUERY } from "./operation.ts";
import { pageOf, PageQuery, pageRequest, toPage } from "./page.ts";
import type { Router } from "./router.ts";
import { DifferenceQuery, PublishQuery } from "./scripts-fields.ts";
import { publish, PublishedShown, PUBLISHING } from "./scripts-publishing.ts";
import {
  DifferenceShown,
  showDifference,
  showVersion,
  showWholeVersion,
  VersionShown,
  WholeVersionShown,
} from "./scripts-shown.ts";
import type { ScriptRoutesDeps } from "./scripts.ts";

const base = "/api/v1/scripts/:id/versions";
const one = { path: `${base}/:n`, params: { id: "scr", n: "integer" }, tag: "Scripts" } as const;

export const registerVersions = (router: Router, { scripts }: ScriptRoutesDeps): void => {
  router.scoped(
    {
      id: "listScriptVersions",
      method: "get",
      path: base,
      params: { id: "scr" },
      tag: "Scripts",
      summary: "List a script's versions",
      description:
        "Newest first, without sources. A version never changes; the last 200 are kept, and of older ones those that " +
        "somebody still asks for.",
      scope: "scripts:read",
      query: PageQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(VersionShown).openapi("ScriptVersionPage"),
    },
    async (principal, { param, query }) => {
      const id = param("id");
      const list = `versions:${id}`;
      const { limit, after } = pageRequest(list, query);
      const before = after === undefined ? undefined : Number(after);
      const versions = await scripts.listVersions(principal, id, { limit, before });
      const numbered = versions.map((version) => ({ id: String(version.version), version }));
      return { body: toPage(list, limit, numbered, ({ version }) => showVersion(version)) };
    },
  );

  router.scoped(
    {
      ...one,
      id: "readScriptVersion",
      method: "get",
      summary: "Read a version",
      scope: "scripts:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: WholeVersionShown,
    },
    async (principal, { param }) => ({
      body: showWholeVersion(await scripts.readVersion(principal, param("id"), Number(param("n")))),
    }),
  );

  router.scoped(
    {
      ...one,
      path: `${base}/:n/difference`,
      id: "compareScriptVersions",
      method: "get",
      summary: "Compare two versions",
      description: "What changed from the version `from` to this one.",
      scope: "scripts:read",
      query: DifferenceQuery,
      body: NO_BODY,
      status: 200,
      shown: DifferenceShown,
    },
    async (principal, { param, query }) => {
      const to = Number(param("n"));
      const from = query.from ?? to - 1;
      return {
        body: showDifference(from, to, await scripts.compareVersions(principal, param("id"), { from, to })),
      };
    },
  );

  router.scoped(
    {
      ...one,
      path: `${base}/:n/restore`,
      id: "restoreScriptVersion",
      method: "post",
      summary: "Restore a version",
      description: `Rolls back: makes its source the newest version, checked again like any other. ${PUBLISHING}`,
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
        () => scripts.foresee.restore(principal, param("id"), Number(param("n")), ifMatch),
        () => scripts.restore(principal, param("id"), Number(param("n")), ifMatch),
      ),
  );
};
