import type { Principal } from "../../accounts/index.ts";
import { utf8 } from "../../lib/bytes.ts";
import { AppError } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import type { Library, Relinked, ScriptUse } from "../../scripts/index.ts";
import { parseJson } from "../read.ts";
import { readRouted } from "../routing/read-routes.ts";
import { linkScript } from "./compile-script.ts";
import { dropContent, hashesOf, putContent } from "./content.ts";
import type { Definition } from "./definition.ts";
import type { ManageDeps } from "./deps.ts";
import { contentOf, ROW_BYTES } from "./prepare.ts";
import { definitionOf } from "./responder.ts";
import { relinkRows } from "./saves/store.ts";
import type { RelinkedRow } from "./saves/store.ts";
import { readSecretUse, secretUseOf, writeSecretUse } from "../secret-uses/secret-use.ts";
import { requireFollowerScopes } from "./secret-scopes.ts";
import { rowsOf } from "./store.ts";
import type { ResponderRow } from "./store.ts";
import { followerIds } from "./uses/store.ts";

/** What one call can link within its CPU, put into KV and write in one transaction (a Worker's bounds on each). */
const MOST_FOLLOWERS = 200;
/** Of all programs together, which are in memory until the transaction. */
const MOST_UNITS = 8 * 1024 * 1024;
/** Of all sources of their own together: each is compiled again, which takes up to 15 ms a KiB of the 30 s of CPU. */
const MOST_SOURCE = 1024 * 1024;
const READ_AT_ONCE = 10;

const tooMany = (problem: string): AppError =>
  new AppError("over-limit", `${problem} Let some of them stay at a version: \`NAME@VERSION\`.`);

/** Without its definition, which may be a megabyte. */
interface Follower {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  /** The hash of the program that it has. */
  readonly before: string | undefined;
  /** `null` when it would no longer work. */
  readonly next: RelinkedRow | null;
  readonly uses: readonly ScriptUse[];
  readonly errors: readonly FieldError[];
}

/** Many may be the same script: that one is linked once. */
type LinkOnce = (definition: Pick<Definition, "script" | "upstream">) => ReturnType<typeof linkScript>;

const createLinkOnce = (deps: ManageDeps, { account }: Principal, library: Library): LinkOnce => {
  const known = new Map<string, ReturnType<typeof linkScript>>();
  let units = 0;
  return ({ script, upstream }) => {
    const key = JSON.stringify([script, upstream !== null]);
    const linked = known.get(key);
    if (linked !== undefined) return linked;
    units += script !== null && "source" in script ? script.source.length : 0;
    if (units > MOST_SOURCE) {
      throw tooMany(
        `The sources of the responders that follow this script are over ${MOST_SOURCE} characters.`,
      );
    }
    const made = linkScript(deps, account, { script, upstream }, library);
    known.set(key, made);
    return made;
  };
};

const relinkOne = async (row: ResponderRow, link: LinkOnce): Promise<Follower> => {
  const { id, name, revision } = row;
  const follower = { id, name, revision, before: hashesOf(row).code, next: null, uses: [], errors: [] };
  const definition = definitionOf(row);
  const linked = await link(definition);
  // It has been changed since its id was read: the transaction will not hold, and the next try sees what there is then.
  if (linked === null) return follower;
  if (linked.kind === "refused") return { ...follower, errors: linked.errors };
  const { program, facts, uses } = linked;
  const { hash, text } = await contentOf(id, JSON.stringify(program));
  if (utf8(row.definition).length + utf8(text).length > ROW_BYTES) {
    const message = "Its scripts and its default body together would be too large to be stored.";
    return { ...follower, errors: [{ path: "script", message }] };
  }
  const routed = readRouted(parseJson(row.routed));
  if (routed === undefined) throw new Error(`The stored route of ${id} is not readable.`);
  const next: RelinkedRow = {
    id,
    program: text,
    programHash: hash,
    routed: JSON.stringify({ ...routed, program: { hash, form: program.form } }),
    secretUse: writeSecretUse(secretUseOf(definition, facts)),
  };
  return { ...follower, next, uses };
};

const linkAll = async (
  deps: ManageDeps,
  principal: Principal,
  library: Library,
  ids: readonly string[],
): Promise<readonly Follower[]> => {
  const followers: Follower[] = [];
  const link = createLinkOnce(deps, principal, library);
  let units = 0;
  for (let start = 0; start < ids.length; start += READ_AT_ONCE) {
    const rows = await rowsOf(deps.db, principal.account.id, ids.slice(start, start + READ_AT_ONCE));
    for (const row of rows) {
      const whose = `: the responder "${row.name}" (${row.id}), which follows this script, is granted secrets`;
      requireFollowerScopes(principal, readSecretUse(row.secretUse), whose);
      const follower = await relinkOne(row, link);
      units += follower.next?.program.length ?? 0;
      if (units > MOST_UNITS) {
        throw tooMany(
          `The programs of the responders that follow this script are over ${MOST_UNITS} characters.`,
        );
      }
      followers.push(follower);
    }
  }
  return followers;
};

/** The responders that follow a script, made of what `library` has of it. Nothing is written before `statements` are. */
export const relink = async (
  deps: ManageDeps,
  principal: Principal,
  library: Library,
  scriptId: string,
): Promise<Relinked> => {
  const ids = await followerIds(deps.db, scriptId, MOST_FOLLOWERS + 1);
  if (ids.length > MOST_FOLLOWERS) {
    throw tooMany(
      `More than ${MOST_FOLLOWERS} responders follow this script, which is the most for one publish.`,
    );
  }
  const followers = await linkAll(deps, principal, library, ids);
  const changed = followers.flatMap(({ before, next }) =>
    next === null || next.programHash === before ? [] : [{ before, next }],
  );
  return {
    responders: followers.map(({ id, name, errors }) => ({ id, name, errors })),
    statements: relinkRows(deps.db, principal.account.id, {
      scriptId,
      seen: followers.map(({ id, revision }) => ({ id, revision })),
      rows: followers.flatMap(({ next }) => next ?? []),
      uses: followers.map(({ id, uses }) => ({ responderId: id, uses })),
    }),
    put: async () => {
      await Promise.all(
        changed.map(({ next: { programHash, program } }) =>
          putContent(deps, { code: { hash: programHash, text: program }, response: null }),
        ),
      );
    },
    settle: async (ended) => {
      for (const { before, next } of changed) {
        const gone = ended === "saved" ? before : next.programHash;
        deps.defer(dropContent(deps, { code: gone, response: undefined }));
      }
      if (ended === "saved" && followers.length > 0) await deps.publish(principal.account.id);
    },
  };
};
