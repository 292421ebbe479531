import { contentEncodingOf } from "../../lib/content-coding.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { type Mask, maskBody } from "../../secrets/index.ts";
import { MAX_ERROR_MESSAGE, MAX_ERROR_NAME } from "../../runtime/index.ts";
import { MOST_URL } from "../egress/log.ts";
import type { RunView } from "../run-view.ts";

/** Takes a hit's secrets out of what is kept or shown of it. In place of each stands `[secret NAME]`. */
export interface Redact {
  readonly text: (text: string) => string;
  /** …of a text that was cut already: its end may be the beginning of a secret. */
  readonly beginning: (text: string) => string;
  readonly headers: (headers: HeaderPairs) => HeaderPairs;
  readonly view: (view: RunView) => RunView;
  /**
   * The first `most` bytes, more or less. A body with a content-encoding in which something is found comes out decoded; of
   * one that cannot be decoded nothing is left: `null`.
   */
  readonly body: (
    bytes: Uint8Array<ArrayBuffer>,
    headers: HeaderPairs,
    most: number,
  ) => Promise<RedactedBody>;
}

/** What is left of a body. */
export interface RedactedBody {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly decoded: boolean;
  /** Nothing was left out behind `most`. */
  readonly isWhole: boolean;
}

type TextRedact = Pick<Redact, "text" | "beginning">;

const inView =
  ({ text, beginning }: TextRedact): Redact["view"] =>
  (view) => {
    const { error } = view.outcome;
    const upTo = (given: string, most: number): string =>
      given.length < most ? text(given) : beginning(given);
    const told = error && {
      ...error,
      name: upTo(error.name, MAX_ERROR_NAME),
      message: upTo(error.message, MAX_ERROR_MESSAGE),
      stack: text(error.stack),
    };
    return {
      ...view,
      outcome: told === undefined ? view.outcome : { ...view.outcome, error: told },
      logs: view.logs.map((entry) => ({ ...entry, text: text(entry.text) })),
      egress: view.egress.map((entry) => ({
        ...entry,
        method: upTo(entry.method, MOST_URL),
        url: upTo(entry.url, MOST_URL),
        error: entry.error === null ? null : text(entry.error),
      })),
    };
  };

/** All that follows from how one text is changed. */
export const redactTexts = (by: TextRedact): Omit<Redact, "body"> => ({
  text: by.text,
  beginning: by.beginning,
  headers: (headers) => headers.map(([name, value]) => [by.text(name), by.text(value)]),
  view: inView(by),
});

export const redactBy = (mask: Mask): Redact => ({
  ...redactTexts(mask),
  // Where no secret could be opened nothing was run: what is told is our own, and says which.
  ...(mask.hides === "everything" ? { view: (view: RunView) => view } : {}),
  body: async (bytes, headers, most) => {
    const masked = await maskBody(mask, bytes, contentEncodingOf(headers), most);
    switch (masked.kind) {
      case "clean":
        return { bytes, decoded: false, isWhole: true };
      case "masked":
        return { bytes: masked.bytes, decoded: masked.decoded, isWhole: masked.isWhole };
      case "unreadable":
        return { bytes: null, decoded: false, isWhole: false };
    }
  },
});

/** An answer as bytes, as it goes out or is shown. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** An answer as it may be shown; a body that cannot be looked into is left out. */
export const redactAnswer = async (answer: Answer, redact: Redact | null): Promise<Answer> => {
  if (redact === null) return answer;
  const { status, headers, body } = answer;
  const shown =
    body === null ? { bytes: null, decoded: false } : await redact.body(body, headers, body.length);
  return { status, headers: headersOfKept(redact.headers(headers), shown.decoded), body: shown.bytes };
};

/** What is kept decoded must not say that it is encoded. */
export const headersOfKept = (headers: HeaderPairs, decoded: boolean): HeaderPairs =>
  decoded
    ? headers.map(([name, value]) => [
        name.toLowerCase() === "content-encoding" ? "x-original-content-encoding" : name,
        value,
      ])
    : headers;
