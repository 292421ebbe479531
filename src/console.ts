import type { Api, ApiDeps } from "./api/app.ts";
import { HOPS_HEADER } from "./lib/hops.ts";
import { newId } from "./lib/id.ts";
import { problemResponse } from "./lib/problem.ts";

/** Everything on the console's own host that is not a hook in path style. */
export type Console = (
  request: Request,
  path: string,
  context: Pick<ExecutionContext, "waitUntil">,
) => Promise<Response>;

export const createConsole = (deps: ApiDeps): Console => {
  let api: Promise<Api> | undefined;
  /** Evaluated by the first call of the API: a hook's hit never pays for it. */
  const load = async (): Promise<Api> => (await import("./api/app.ts")).createApi(deps);

  return async (request, path, context) => {
    if (path === "/api" || path.startsWith("/api/")) {
      api ??= load();
      return (await api).fetch(request, context);
    }
    if (request.headers.has(HOPS_HEADER)) {
      return problemResponse(
        {
          code: "from-a-hook",
          title: "Not for scripts",
          status: 403,
          detail: "The console does not answer scripts and proxied requests.",
        },
        newId("req", deps.now()),
      );
    }
    if (path === "/healthz") return Response.json({ ok: true }, { headers: { "cache-control": "no-store" } });
    if (path === "/") return new Response(null, { status: 302, headers: { location: "/api/docs" } });
    return problemResponse(
      {
        code: "not-found",
        title: "Not found",
        status: 404,
        detail: "The API is below /api/v1, its reference at /api/docs.",
      },
      newId("req", deps.now()),
    );
  };
};
