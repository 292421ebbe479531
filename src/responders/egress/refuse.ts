import type { Outlet } from "../../runtime/index.ts";

/** The door out of what is only tried again: it is shut. */
export const openShut = (): Outlet => ({
  send: () =>
    Promise.resolve({
      kind: "failed",
      failure: {
        kind: "refused",
        code: "not-granted",
        message: "URL not allowed (a dry replay sends nothing; `record` does)",
      },
    }),
});
