import type { Principal } from "../../accounts/index.ts";
import type { FieldError } from "../../lib/errors.ts";
import type { Statement } from "../../storage/index.ts";
import type { Library } from "./load.ts";
import type { ResponderUser } from "./script.ts";

/** What the library asks of those who use it: `responders/` answers, which the library itself does not know. */
export interface Followers {
  /** The responders that are made of the script, directly or through other scripts. */
  readonly usersOf: (scriptId: string) => Promise<readonly ResponderUser[]>;
  /** Holds while there are none. */
  readonly unused: (scriptId: string) => Statement;
  /** Those with a source of their own in which its name may stand. */
  readonly readersOfName: (scriptId: string) => Promise<readonly ResponderUser[]>;
  /** Holds while there are none. */
  readonly unread: (scriptId: string) => Statement;
  /**
   * Links anew all that follow the latest version of the script, which `library` has as pending. Throws `forbidden` when
   * one of them holds secrets that the principal may not pass on, and `over-limit` when they are too many.
   */
  readonly relink: (principal: Principal, library: Library, scriptId: string) => Promise<Relinked>;
}

/** The followers of a script as they would be, nothing of it written. */
export interface Relinked {
  readonly responders: readonly RelinkedResponder[];
  /** What they write in the transaction of the publish; it fails when one of them has changed meanwhile. */
  readonly statements: readonly Statement[];
  /** Before the transaction: what hits will load. */
  readonly put: () => Promise<void>;
  /** After it: drops what is no longer needed, and makes the change hold if there was one. */
  readonly settle: (ended: "saved" | "refused") => Promise<void>;
}

export interface RelinkedResponder {
  readonly id: string;
  readonly name: string;
  /** Why it would no longer work; empty when it would. */
  readonly errors: readonly FieldError[];
}
