import type { ExchangeFilter } from "../journal-log.ts";
import { ARRIVAL, arrivalOf } from "./arrival.ts";
import { allOf, type Condition, conditionOf } from "./filter.ts";
import { indexPhrase } from "./search-text.ts";
import { numberOf, textOf } from "./tables.ts";

/** An exchange that the filter may take; `sure` when its text need not be read to know. */
export interface Candidate {
  readonly place: number;
  readonly id: string;
  readonly sure: boolean;
}

/** Newest first, read as far as they are asked for. */
const walk = function* (
  sql: SqlStorage,
  from: string,
  { text, values }: Condition,
  order: string,
  sure: boolean,
): Generator<Candidate, undefined> {
  const rows = sql.exec(
    `SELECT exchanges.place, exchanges.id FROM ${from} WHERE ${text} ORDER BY ${order} DESC`,
    ...values,
  );
  for (const row of rows) {
    yield { place: numberOf(row, "place"), id: textOf(row, "id"), sure };
  }
};

/** Two walks as one: of an exchange that is in both, what is sure. */
const merge = function* (
  found: Generator<Candidate, undefined>,
  unsure: Generator<Candidate, undefined>,
): Generator<Candidate, undefined> {
  let left = found.next().value;
  let right = unsure.next().value;
  while (left !== undefined || right !== undefined) {
    if (right === undefined || (left !== undefined && left.id >= right.id)) {
      if (left !== undefined) yield left;
      if (right?.id === left?.id) right = unsure.next().value;
      left = found.next().value;
    } else {
      yield right;
      right = unsure.next().value;
    }
  }
};

/**
 * What a filter may take, newest first by arrival. A phrase is looked for in the index, which comes in that order by
 * itself; texts that are too long for it, and phrases that are too short, have to be read.
 */
export const candidatesOf = (
  sql: SqlStorage,
  filter: ExchangeFilter,
  before: string | undefined,
): Generator<Candidate, undefined> => {
  const older = (column: string): readonly Condition[] =>
    before === undefined ? [] : [{ text: `${column} < ${ARRIVAL}`, values: arrivalOf(before) }];
  const condition = conditionOf(filter);
  const byArrival = (more: readonly Condition[], sure: boolean) =>
    walk(
      sql,
      "exchanges",
      allOf([...older("exchanges.arrival"), condition, ...more]),
      "exchanges.arrival",
      sure,
    );
  const { q } = filter;
  if (q === undefined || q === "") return byArrival([], true);
  const phrase = indexPhrase(q);
  if (phrase === undefined) return byArrival([], false);
  const found = walk(
    sql,
    // CROSS: SQLite keeps this order, and so reads no more of the index than is asked for.
    "search CROSS JOIN exchanges ON exchanges.arrival = search.rowid",
    allOf([{ text: "search MATCH ?", values: [phrase] }, ...older("search.rowid"), condition]),
    "search.rowid",
    true,
  );
  return merge(found, byArrival([{ text: "exchanges.searched = 0", values: [] }], false));
};
