import { and, asc, eq, gt, lt, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { idempotentAnswers } from "./schema.ts";

/** UTF-16 units a row: at most 750 KB in UTF-8, well under D1's 2 MB. */
const PART_UNITS = 250_000;
/** No call lives this long: a claim without an answer is then of a caller that died. */
const ABANDONED_MS = 10 * 60_000;
const KEPT_MS = 24 * 3_600_000;

/** Whose answer: an `Idempotency-Key` counts for one account, API key and route (method and path). */
export interface AnswerName {
  readonly accountId: string;
  readonly keyId: string;
  readonly route: string;
  readonly idempotencyKey: string;
}

export interface StoredAnswer {
  readonly status: number;
  /** JSON pairs. */
  readonly headers: string;
  readonly body: string;
}

export type AnswerClaim =
  | { readonly kind: "claimed" }
  | { readonly kind: "in-progress" }
  | { readonly kind: "other-request" }
  | { readonly kind: "answered"; readonly answer: StoredAnswer };

export interface AnswerStore {
  /** Atomic: of two calls at once, one is told `claimed`. `requestHash` tells whether the bodies are the same. */
  readonly claim: (name: AnswerName, requestHash: string, now: number) => Promise<AnswerClaim>;
  readonly finish: (name: AnswerName, answer: StoredAnswer) => Promise<void>;
  /** Gives the claim back: the call had no effect, so the next one runs anew. */
  readonly release: (name: AnswerName) => Promise<void>;
  /** Deletes what is older than 24 hours; returns how many rows. */
  readonly purge: (now: number) => Promise<number>;
}

/** Cuts between characters: half of a surrogate pair would be stored as U+FFFD. */
const partsOf = (body: string): readonly string[] => {
  const parts: string[] = [];
  for (let start = 0; start < body.length;) {
    let end = Math.min(start + PART_UNITS, body.length);
    const last = body.charCodeAt(end - 1);
    if (end < body.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    parts.push(body.slice(start, end));
    start = end;
  }
  return parts;
};

const named = (name: AnswerName) =>
  and(
    eq(idempotentAnswers.accountId, name.accountId),
    eq(idempotentAnswers.keyId, name.keyId),
    eq(idempotentAnswers.route, name.route),
    eq(idempotentAnswers.idempotencyKey, name.idempotencyKey),
  );

const read = async (db: Db, name: AnswerName, requestHash: string): Promise<AnswerClaim> => {
  const rows = await db
    .select()
    .from(idempotentAnswers)
    .where(named(name))
    .orderBy(asc(idempotentAnswers.part));
  const first = rows[0];
  if (first === undefined) return { kind: "in-progress" };
  if (first.requestHash !== requestHash) return { kind: "other-request" };
  if (first.status === null) return { kind: "in-progress" };
  const body = rows.map((row) => row.body ?? "").join("");
  return { kind: "answered", answer: { status: first.status, headers: first.headers, body } };
};

const claim = async (db: Db, name: AnswerName, requestHash: string, now: number): Promise<AnswerClaim> => {
  const taken = await db
    .insert(idempotentAnswers)
    .values({ ...name, part: 0, requestHash, createdAt: now })
    .onConflictDoUpdate({
      target: [
        idempotentAnswers.accountId,
        idempotentAnswers.keyId,
        idempotentAnswers.route,
        idempotentAnswers.idempotencyKey,
        idempotentAnswers.part,
      ],
      set: { requestHash, status: null, headers: "[]", body: null, createdAt: now },
      setWhere: sql`${idempotentAnswers.createdAt} < ${now - KEPT_MS}
        or (${idempotentAnswers.status} is null and ${idempotentAnswers.createdAt} < ${now - ABANDONED_MS})`,
    })
    .returning({ part: idempotentAnswers.part });
  return taken.length > 0 ? { kind: "claimed" } : read(db, name, requestHash);
};

const finish = async (db: Db, name: AnswerName, answer: StoredAnswer): Promise<void> => {
  const [head = "", ...rest] = partsOf(answer.body);
  await db.batch([
    db.delete(idempotentAnswers).where(and(named(name), gt(idempotentAnswers.part, 0))),
    ...rest.map((body, index) =>
      db.insert(idempotentAnswers).values({ ...name, part: index + 1, requestHash: "", body }),
    ),
    db
      .update(idempotentAnswers)
      .set({ status: answer.status, headers: answer.headers, body: head })
      .where(and(named(name), eq(idempotentAnswers.part, 0))),
  ]);
};

export const createAnswerStore = (db: Db): AnswerStore => ({
  claim: (name, requestHash, now) => claim(db, name, requestHash, now),
  finish: (name, answer) => finish(db, name, answer),
  release: async (name) => {
    await db.delete(idempotentAnswers).where(named(name));
  },
  purge: async (now) => {
    const { meta } = await db.delete(idempotentAnswers).where(lt(idempotentAnswers.createdAt, now - KEPT_MS));
    return meta.changes;
  },
});
