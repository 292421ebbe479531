import { parseJson } from "../read.ts";
import { readRouted } from "../routing/read-routes.ts";
import type { ManageDeps } from "./deps.ts";
import type { Content } from "./prepare.ts";
import type { ResponderRow } from "./store.ts";

type ContentKv = Pick<ManageDeps, "kv">;

/**
 * Before the save itself: a reader that asks KV for a key too early has its absence cached for as long as a value.
 * What KV refuses is read from the database.
 */
export const putContent = async ({ kv }: ContentKv, { code, response }: Content): Promise<void> => {
  await Promise.all([
    code === null ? undefined : kv.putCode(code.hash, code.text),
    response === null ? undefined : kv.putResponse(response.hash, response.text),
  ]);
};

interface Hashes {
  readonly code: string | undefined;
  readonly response: string | undefined;
}

export const hashesOf = ({ routed }: Pick<ResponderRow, "routed">): Hashes => {
  const line = readRouted(parseJson(routed));
  return {
    code: line?.program?.hash,
    response: line?.response.kind === "stored" ? line.response.hash : undefined,
  };
};

/** Deletes what `gone` names and `kept` does not. Isolates that still have the old table find the new text in the database. */
export const dropContent = async ({ kv }: ContentKv, gone: Hashes, kept?: Hashes): Promise<void> => {
  await Promise.all([
    gone.code === undefined || gone.code === kept?.code ? undefined : kv.deleteCode(gone.code),
    gone.response === undefined || gone.response === kept?.response
      ? undefined
      : kv.deleteResponse(gone.response),
  ]);
};
