import type { HeaderPairs } from "../../lib/headers.ts";
import type { NotificationsInput } from "../../notifications/index.ts";
import type { ScriptLanguage } from "../../scripts/index.ts";
import type { GivenBody } from "../body.ts";
import type { Definition, LibraryScript, SecretsGranted } from "./definition.ts";

/** What a save may be given, already of the right shape (the API's schema sees to that), its meaning unchecked. */
export interface ResponderInput {
  readonly name?: string | undefined;
  readonly enabled?: boolean | null | undefined;
  readonly label?: string | null | undefined;
  readonly method?: string | readonly string[] | null | undefined;
  readonly path?: string | undefined;
  readonly response?: ResponseInput | null | undefined;
  readonly script?: ScriptInput | null | undefined;
  readonly kv?: boolean | null | undefined;
  readonly journal?: JournalInput | null | undefined;
  readonly notifications?: NotificationsInput | null | undefined;
  readonly secrets?: SecretsInput | SecretsGranted | null | undefined;
  readonly upstream?: UpstreamInput | null | undefined;
  readonly egress?: EgressInput | null | undefined;
  /** Fields that come later: only their default is accepted, whatever its shape. */
}

export interface ResponseInput {
  readonly status?: number | null | undefined;
  readonly headers?: GivenHeaders | null | undefined;
  readonly body?: GivenBody | null | undefined;
  readonly interpolate?: boolean | null | undefined;
}

export interface SecretsInput {
  readonly mode: "none" | "all" | "selected";
  /** With `selected`. */
  readonly names?: readonly string[] | undefined;
  readonly reveal?: boolean | undefined;
}

export interface UpstreamInput {
  /** Left out only where a patch keeps it. */
  readonly url?: string | undefined;
  readonly mode?: "forward" | "spy" | null | undefined;
  readonly headers?: GivenHeaders | null | undefined;
  readonly timeouts?: TimeoutsInput | null | undefined;
  readonly retries?: { readonly attempts?: number | null | undefined } | null | undefined;
  readonly onHookError?: "fail" | "pass" | null | undefined;
}

export interface TimeoutsInput {
  readonly firstByteMs?: number | null | undefined;
  readonly totalMs?: number | null | undefined;
}

export interface EgressInput {
  readonly mode: "none" | "hosts" | "public";
  /** With `hosts`. */
  readonly hosts?: readonly string[] | undefined;
}

export interface JournalInput {
  readonly keep?: number | null | undefined;
}

/** Pairs keep order and repeats; an object is the short way. */
export type GivenHeaders = HeaderPairs | Readonly<Record<string, string>>;

export type ScriptInput =
  | { readonly source: string; readonly language?: ScriptLanguage | undefined }
  /** From the library: `NAME` follows the latest version, `NAME@3` does not. */
  | { readonly ref: string }
  /** …as it is stored; callers of the API cannot say this. */
  | LibraryScript;

const isPairs = (headers: GivenHeaders): headers is HeaderPairs => Array.isArray(headers);

export const pairsOf = (headers: GivenHeaders): HeaderPairs =>
  isPairs(headers) ? headers : Object.entries(headers);

/** What is not there stays away when nothing is said of it. */
const mergeNotifications = (current: Definition, patch: ResponderInput): NotificationsInput | null =>
  patch.notifications === undefined
    ? current.notifications
    : { ...current.notifications, ...patch.notifications };
const mergeUpstream = (
  current: Definition["upstream"],
  patch: ResponderInput["upstream"],
): ResponderInput["upstream"] => {
  if (patch === undefined || patch === null) return patch === null ? null : current;
  const { timeouts, retries } = patch;
  return {
    ...current,
    ...patch,
    timeouts: timeouts === null ? null : { ...current?.timeouts, ...timeouts },
    retries: retries === null ? null : { ...current?.retries, ...retries },
  };
};

/**
 * JSON Merge Patch (RFC 7396) over a definition: what is not named stays, `null` is the default again.
 * `script`, `secrets`, `egress`, `response.body`, `response.headers`, `upstream.headers` and `method` are replaced whole.
 */
export const mergePatch = (current: Definition, patch: ResponderInput): ResponderInput => ({
  ...current,
  ...patch,
  response: patch.response === null ? null : { ...current.response, ...patch.response },
  journal: patch.journal === null ? null : { ...current.journal, ...patch.journal },
  notifications: patch.notifications === null ? null : mergeNotifications(current, patch),
  upstream: mergeUpstream(current.upstream, patch.upstream),
});
