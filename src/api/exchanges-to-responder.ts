import type { Journals } from "../journal/index.ts";
import { NO_BODY, NO_QUERY } from "./operation.ts";
import { SavedResponderShown, showSaved } from "./responders-shown.ts";
import type { Router } from "./router.ts";

export const registerToResponder = (router: Router, journals: Pick<Journals, "toResponder">): void => {
  router.scoped(
    {
      id: "makeResponderOfExchange",
      method: "post",
      path: "/api/v1/responders/:id/exchanges/:exc/to-responder",
      params: { id: "rsp", exc: "exc" },
      tag: "Journal",
      summary: "Make a responder of an exchange",
      description:
        "A mock: it answers the same method and path, literally, with the status, headers and body that were recorded, and " +
        "never as a template. It is disabled: enable it to let it answer instead. The key needs `journal:read` as well. " +
        "A body that was not kept whole, or a route that another responder has, is a 409.",
      scope: "responders:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 201,
      shown: SavedResponderShown,
      conflicts: true,
    },
    async (principal, { param }) => {
      const saved = await journals.toResponder(principal, param("id"), param("exc"));
      return { ...showSaved(saved), location: `/api/v1/responders/${saved.id}` };
    },
  );
};
