import { fromUtf8, utf8 } from "../../src/lib/bytes.ts";
import type { PerfHit, Ran } from "./scenario.ts";

/** So many requests of a scenario differ; then they come again. As many as there are at once at most. */
export const DISTINCT = 1_000;

/** Four digits: requests of one scenario are of one length. */
export const numberOf = (at: number): string => String(DISTINCT + (at % DISTINCT));

export const plainHit = (at: number): PerfHit => ({
  method: "GET",
  url: `https://perf.example.com/events?delivery=${numberOf(at)}`,
  headers: [["x-delivery", numberOf(at)]],
  body: null,
});

/** What platforms send with a webhook. */
export const HEADERS: readonly string[] = [
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "cf-connecting-ip",
  "cf-ray",
  "content-length",
  "content-type",
  "host",
  "user-agent",
  "x-delivery",
  "x-event",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-hook-id",
  "x-request-id",
  "x-signature-256",
];

const ITEMS = Array.from({ length: 50 }, (_, index) => ({
  id: 1_000 + index,
  name: `Item number ${index}`,
  price: 10 + index,
  quantity: 1 + (index % 3),
}));

/** The sum that a script which read every item comes to. */
export const ORDER_TOTAL = ITEMS.reduce((sum, { price, quantity }) => sum + price * quantity, 0);

const valueOf = (name: string, at: number, length: number): string => {
  if (name === "content-type") return "application/json";
  if (name === "content-length") return String(length);
  return name === "x-delivery" ? numberOf(at) : `value of ${name}`;
};

/** A JSON body of 50 items and 17 headers. */
export const orderHit = (at: number): PerfHit => {
  const body = utf8(JSON.stringify({ delivery: numberOf(at), items: ITEMS }));
  return {
    method: "POST",
    url: "https://perf.example.com/orders?source=shop",
    headers: HEADERS.map((name) => [name, valueOf(name, at, body.length)] as const),
    body,
  };
};

/** The JSON of an answer; `undefined` when it is none, or when the run did not answer 200. */
export const jsonOf = ({ ending, status, body }: Ran): unknown => {
  if (ending !== "returned" || status !== 200) return undefined;
  try {
    return JSON.parse(fromUtf8(body));
  } catch {
    return undefined;
  }
};

export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
