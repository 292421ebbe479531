import type { Listing, ListQuery } from "../journal-log.ts";
import { candidatesOf } from "./candidates.ts";
import { createPage } from "./page.ts";

/** A page, newest first by arrival. It may end early, with `next`. */
export const listExchanges = (sql: SqlStorage, { filter, limit, before, bodyBytes }: ListQuery): Listing => {
  const page = createPage(sql, limit, bodyBytes);
  let last: string | undefined;
  for (const { place, id, sure } of candidatesOf(sql, filter, before)) {
    if (last !== undefined && page.isFull()) return { items: page.items, more: true, next: last };
    page.look(place, sure ? undefined : filter.q);
    last = id;
  }
  return { items: page.items, more: false };
};
