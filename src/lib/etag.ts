import { AppError } from "./errors.ts";

/** What an `If-Match` asks for: `undefined` is unconditional, `*` any version, else one of these etags. */
export type IfMatch = undefined | "*" | readonly string[];

/** The `etag` field of a resource: its id and the number of its last change. */
export const etagOf = (id: string, revision: number): string => `${id}.${revision}`;

/** Throws `stale` when the version at hand is not the one that the caller saw: stops lost updates. */
export const assertFresh = (ifMatch: IfMatch, etag: string): void => {
  if (ifMatch === undefined || ifMatch === "*" || ifMatch.includes(etag)) return;
  throw new AppError("stale", "It changed since you read it. Read it again, and send its etag in If-Match.");
};
