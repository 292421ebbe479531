import type { Entry, Exchange, KeepRules } from "../../src/journal/index.ts";
import { newId } from "../../src/lib/id.ts";
import { utf8 } from "../../src/lib/bytes.ts";
import { hitView } from "../../src/responders/index.ts";

export interface Made {
  readonly id?: string;
  readonly at?: number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Exchange["request"]["headers"];
  readonly body?: string | Uint8Array | null;
  readonly status?: number;
  readonly answerHeaders?: Exchange["response"]["headers"];
  readonly answer?: string | Uint8Array | null;
  readonly run?: Partial<Exchange["run"]>;
  readonly upstream?: Exchange["upstream"];
}

const keptBody = (body: string | Uint8Array | null): Exchange["request"]["body"] => {
  const bytes = typeof body === "string" ? utf8(body) : body;
  return { bytes, size: bytes?.length ?? 0, truncated: false };
};

/** An exchange as a hit leaves it, all of it plain but for what a test cares for. */
export const exchangeOf = (made: Made = {}): Exchange => {
  const at = made.at ?? Date.now();
  const path = made.path ?? "/hook";
  return {
    id: made.id ?? newId("exc", at),
    at,
    durationMs: 3,
    request: {
      method: made.method === undefined ? "POST" : made.method,
      url: `http://demo.localhost${path}`,
      path,
      rawQuery: null,
      headers: made.headers ?? [["content-type", "application/json"]],
      body: keptBody(made.body ?? null),
      client: { ip: "203.0.113.7", country: "AT" },
    },
    response: {
      status: made.status ?? 200,
      headers: made.answerHeaders ?? [],
      body: keptBody(made.answer ?? null),
    },
    run: { ...hitView(null, null), ...made.run },
    upstream: made.upstream ?? null,
    replayOf: null,
    pinned: false,
  };
};

export const RULES: KeepRules = { keep: 10_000, maxBytes: 1024 * 1024 * 1024 };

export const entryOf = (made: Made = {}, more: Partial<Entry> = {}): Entry => ({
  exchange: exchangeOf(made),
  kept: true,
  rules: RULES,
  lost: 0,
  notify: null,
  ...more,
});

/** A run of a script that failed. */
export const THREW: Partial<Exchange["run"]> = {
  outcome: { kind: "threw", error: { name: "Error", message: "no", stack: "", line: 1, column: 2 } },
};
