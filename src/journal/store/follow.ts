import type { Exchange } from "../exchange.ts";
import { type ExchangeFilter, FOLLOWED_BODY_BYTES } from "../journal-log.ts";
import { ARRIVAL, type Arrival, arrivalOf, NEVER } from "./arrival.ts";
import { allOf, conditionOf } from "./filter.ts";
import { createPage } from "./page.ts";
import { numberOf, type Row, textOf } from "./tables.ts";

/** From where somebody follows: what was recorded after `place`, and arrived after `arrival`. */
export interface Position {
  readonly place: number;
  readonly arrival: Arrival;
}

export const START: Position = { place: 0, arrival: NEVER };

const lastPlace = (sql: SqlStorage): number =>
  numberOf(sql.exec("SELECT coalesce(max(place), 0) AS place FROM exchanges").one(), "place");

/** Where an exchange stands; `gap` when it is no longer known, and then all that arrived later is to be shown. */
export const positionAfter = (
  sql: SqlStorage,
  after: string | undefined,
): { readonly from: Position; readonly gap: boolean } => {
  if (after === undefined) return { from: { place: lastPlace(sql), arrival: NEVER }, gap: false };
  const [row]: readonly Row[] = sql.exec("SELECT place FROM exchanges WHERE id = ?", after).toArray();
  return row === undefined
    ? { from: { place: 0, arrival: arrivalOf(after) }, gap: true }
    : { from: { place: numberOf(row, "place"), arrival: NEVER }, gap: false };
};

export interface Found {
  readonly items: readonly Exchange[];
  /** The last that was looked at. */
  readonly seen: string | undefined;
  /** Where to go on: behind all that was looked at. */
  readonly to: Position;
}

/** In the order of recording, as many as the filter takes of what is there now. */
export const findAfter = (sql: SqlStorage, from: Position, filter: ExchangeFilter, limit: number): Found => {
  const condition = allOf([
    { text: "exchanges.place > ?", values: [from.place] },
    { text: `exchanges.arrival > ${ARRIVAL}`, values: from.arrival },
    conditionOf(filter),
  ]);
  const page = createPage(sql, limit, FOLLOWED_BODY_BYTES);
  const phrase = filter.q === "" ? undefined : filter.q;
  let place = from.place;
  let isDone = true;
  const rows = sql.exec(
    `SELECT place FROM exchanges WHERE ${condition.text} ORDER BY place`,
    ...condition.values,
  );
  for (const row of rows) {
    if (page.isFull()) {
      isDone = false;
      break;
    }
    place = numberOf(row, "place");
    page.look(place, phrase);
  }
  // All that is there was looked at, also what the filter left out.
  if (isDone) place = Math.max(place, lastPlace(sql));
  const to = { place, arrival: isDone ? NEVER : from.arrival };
  return { items: page.items, seen: idAt(sql, place), to };
};

const idAt = (sql: SqlStorage, place: number): string | undefined => {
  const [row]: readonly Row[] = sql.exec("SELECT id FROM exchanges WHERE place = ?", place).toArray();
  return row && textOf(row, "id");
};
