import type { Followers } from "../../scripts/index.ts";
import type { ManageDeps } from "./deps.ts";
import { relink } from "./relink.ts";
import { readersOfName, unread, unused, usersOf } from "./uses/store.ts";

/** What the library asks of responders. */
export const createFollowers = (deps: ManageDeps): Followers => ({
  usersOf: (scriptId) => usersOf(deps.db, scriptId),
  unused: (scriptId) => unused(deps.db, scriptId),
  readersOfName: (scriptId) => readersOfName(deps.db, scriptId),
  unread: (scriptId) => unread(deps.db, scriptId),
  relink: (principal, library, scriptId) => relink(deps, principal, library, scriptId),
});
