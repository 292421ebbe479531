import { hex, sha256, utf8 } from "../../lib/bytes.ts";
import { createLru } from "../../lib/lru.ts";
import type { RoutedResponder } from "./routes.ts";

/** The two kinds of text that a hit loads on demand, each named by its hash and never changed. */
export type ContentKind = "code" | "response";

/** Of one responder, so that no two share a key and a delete of one cannot take it from another. SHA-256, hex. */
export const contentHash = async (responderId: string, text: string): Promise<string> =>
  hex(await sha256(utf8(`${responderId}\n${text}`)));

/** A responder as the table has it that named the hash. */
export type Holder = Pick<RoutedResponder, "id" | "secrets" | "interpolate">;

/**
 * What there is now was saved under other grants of secrets than the table has, which is older: the two do not go together.
 * Stops whoever may change a responder from which a grant was withdrawn from running a script of his own with it, in an
 * isolate that has not heard of the withdrawal.
 */
export const OVERTAKEN = Symbol("overtaken");

export interface ContentDeps<Value> {
  readonly kind: ContentKind;
  readonly maxBytes: number;
  readonly readCached: (hash: string) => Promise<string | null>;
  /** What the responder has now, which may be newer than the hash; `undefined` when it has none, or is gone. */
  readonly readTruth: (holder: Holder) => Promise<string | typeof OVERTAKEN | undefined>;
  readonly parse: (text: string) => Value | undefined;
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface Content<Value> {
  /** From memory, else KV, else the database. `undefined`: the responder no longer has any. */
  readonly load: (holder: Holder, hash: string) => Promise<Value | typeof OVERTAKEN | undefined>;
}

export const createContent = <Value>(deps: ContentDeps<Value>): Content<Value> => {
  const memory = createLru<Value>(deps.maxBytes);

  const keep = (hash: string, text: string): Value | undefined => {
    const value = deps.parse(text);
    if (value !== undefined) memory.set(hash, value, text.length * 2);
    return value;
  };

  const cached = async (hash: string): Promise<string | null> => {
    try {
      return await deps.readCached(hash);
    } catch (cause) {
      deps.warn("content could not be read from KV", { kind: deps.kind, hash, cause: String(cause) });
      return null;
    }
  };

  return {
    load: async (holder, hash) => {
      const held = memory.get(hash);
      if (held !== undefined) return held;
      const text = await cached(hash);
      const value = text === null ? undefined : keep(hash, text);
      if (value !== undefined) return value;
      const current = await deps.readTruth(holder);
      if (current === undefined || current === OVERTAKEN) return current;
      const read = keep(await contentHash(holder.id, current), current);
      // Answering as if there were none would be silently wrong.
      if (read === undefined) throw new Error(`The stored ${deps.kind} of ${holder.id} is not readable.`);
      return read;
    },
  };
};
