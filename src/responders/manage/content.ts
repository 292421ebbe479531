import { parseJson } from "../read.ts";
import { readRouted } from "../routing/read-routes.ts";
import type { ManageDeps } from "./deps.ts";
import type { Content } from "./prepare.ts";
import type { ResponderRow } from "./store.ts";

type ContentKv = Pick<ManageDeps, "kv">;

/** A save waits no longer for KV, which tries again by itself. */
const PATIENCE_MS = 2_000;

/**
 * Before the save itself: a reader that asks KV for a key too early has its absence cached for as long as a value.
 * What KV refuses is read from the database.
 */
export const putContent = async (
  { kv, defer, sleep }: Pick<ManageDeps, "kv" | "defer" | "sleep">,
  { code, response }: Content,
): Promise<void> => {
  if (code === null && response === null) return;
  const puts = Promise.all([
    code === null ? undefined : kv.putCode(code.hash, code.text),
    response === null ? undefined : kv.putResponse(response.hash, response.text),
  ]);
  defer(puts);
  await Promise.race([puts, sleep(PATIENCE_MS)]);
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
