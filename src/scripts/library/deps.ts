import type { Db } from "../../storage/index.ts";
import type { CompileInput } from "../compile.ts";
import type { Compiled, Linked } from "../compiled.ts";
import type { LinkInput } from "../link.ts";
import type { Followers } from "./followers.ts";

/** The powers of the library. */
export interface LibraryDeps {
  readonly db: Db;
  readonly now: () => number;
  /** Saving is a run: inside the sandbox, under its limits. */
  readonly compile: (input: CompileInput) => Promise<Compiled>;
  readonly link: (input: LinkInput) => Promise<Linked>;
  readonly followers: Followers;
}
