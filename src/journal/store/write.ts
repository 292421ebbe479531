import { hasFailed, outcomeName } from "../exchange.ts";
import { ARRIVAL, type Arrival, arrivalOf } from "./arrival.ts";
import { writeBody } from "./bodies.ts";
import type { Fitted } from "./fit.ts";
import { indexText } from "./search-text.ts";
import { LEG_SIDES, numberOf, REQUEST_SIDE, RESPONSE_SIDE } from "./tables.ts";

/** Two of one millisecond may be alike by chance: the later one stands right behind. */
const freeArrival = (sql: SqlStorage, id: string): Arrival => {
  const [time, first] = arrivalOf(id);
  for (let chance = first; ; chance += 1) {
    const taken = sql.exec(`SELECT 1 FROM exchanges WHERE arrival = ${ARRIVAL}`, time, chance).toArray();
    if (taken.length === 0) return [time, chance];
  }
};

export const isKept = (sql: SqlStorage, id: string): boolean =>
  sql.exec("SELECT 1 FROM exchanges WHERE id = ?", id).toArray().length > 0;

/** One that is not kept yet, with its bodies and its line of the index. Returns whether it failed. */
export const writeExchange = (sql: SqlStorage, { exchange, head, bytes }: Fitted): boolean => {
  const { id, at, request, response, run } = exchange;
  const failed = hasFailed(run);
  const arrival = freeArrival(sql, id);
  const { text, whole } = indexText(exchange);
  const row = sql
    .exec(
      `INSERT INTO exchanges (id, arrival, at, method, status, kind, outcome, failed, pinned, bytes, searched, head)
        VALUES (?, ${ARRIVAL}, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?) RETURNING place`,
      id,
      ...arrival,
      at,
      request.method,
      response.status,
      run.outcome.kind,
      outcomeName(run),
      failed ? 1 : 0,
      bytes,
      whole ? 1 : 0,
      head,
    )
    .one();
  const place = numberOf(row, "place");
  if (request.body.bytes !== null) writeBody(sql, place, REQUEST_SIDE, request.body.bytes);
  if (response.body.bytes !== null) writeBody(sql, place, RESPONSE_SIDE, response.body.bytes);
  for (const side of ["request", "response"] as const) {
    const body = exchange.upstream?.[side]?.body ?? "same";
    if (body !== "same" && body.bytes !== null) writeBody(sql, place, LEG_SIDES[side], body.bytes);
  }
  sql.exec(`INSERT INTO search (rowid, text) VALUES (${ARRIVAL}, ?)`, ...arrival, text);
  return failed;
};

/** Everything but figures and rules. */
export const deleteExchanges = (sql: SqlStorage): void => {
  sql.exec("DELETE FROM exchanges");
  sql.exec("DELETE FROM bodies");
  sql.exec("INSERT INTO search (search) VALUES ('delete-all')");
};
