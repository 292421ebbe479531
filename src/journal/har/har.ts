import { jsonText } from "../../lib/json-text.ts";
import type { Exchange } from "../exchange.ts";
import { redactExchange } from "../redact.ts";
import { entryChunks } from "./entry.ts";

export interface HarOptions {
  /** Of this product, for `creator`. */
  readonly version: string;
  /** Shows credentials as they were. */
  readonly unredacted?: boolean;
}

const REDACTION = "Credentials in headers, cookies and queries are redacted; bodies are as they were.";

/**
 * A log of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as JSON, one entry a line, made while it is read:
 * one exchange is held at a time, and of its bodies one piece. Entries stand as they come: the spec prefers oldest first.
 */
export const harChunks = async function* (
  exchanges: AsyncIterable<Exchange> | Iterable<Exchange>,
  { version, unredacted = false }: HarOptions,
): AsyncGenerator<string, undefined> {
  const head = jsonText({
    version: "1.2",
    creator: { name: "Hookwright", version },
    pages: [],
    ...(unredacted ? {} : { comment: REDACTION }),
  });
  yield `{"log":${head.slice(0, -1)},"entries":[`;
  let separator = "\n";
  for await (const exchange of exchanges) {
    yield separator;
    separator = ",\n";
    yield* entryChunks(unredacted ? exchange : redactExchange(exchange));
  }
  yield "\n]}}\n";
};
