import type { ExchangeFilter } from "../journal-log.ts";

/** A condition on the table `exchanges`, and what it is bound to. */
export interface Condition {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

export const allOf = (conditions: readonly Condition[]): Condition => ({
  text: conditions.length === 0 ? "TRUE" : conditions.map(({ text }) => text).join(" AND "),
  values: conditions.flatMap(({ values }) => values),
});

const is = (text: string, value: string | number | undefined): readonly Condition[] =>
  value === undefined ? [] : [{ text, values: [value] }];

const outcomeIs = (outcome: string | undefined): readonly Condition[] => {
  if (outcome === undefined) return [];
  if (outcome === "failed") return [{ text: "exchanges.failed = 1", values: [] }];
  return is(outcome.includes(".") ? "exchanges.outcome = ?" : "exchanges.kind = ?", outcome);
};

/** Everything but the phrase, which the index knows. */
export const conditionOf = ({
  status,
  statusClass,
  method,
  outcome,
  since,
  until,
}: ExchangeFilter): Condition =>
  allOf([
    ...is("exchanges.status = ?", status),
    ...is("exchanges.status / 100 = ?", statusClass),
    ...is("exchanges.method = ?", method),
    ...outcomeIs(outcome),
    ...is("exchanges.at >= ?", since),
    ...is("exchanges.at < ?", until),
  ]);
