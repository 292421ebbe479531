import type { HeaderPairs } from "../../lib/headers.ts";
import { type Mask, maskBody } from "../../secrets/index.ts";
import type { RunView } from "../run-view.ts";

/** Takes a hit's secrets out of what is kept or shown of it. In place of each stands `[secret NAME]`. */
export interface Redact {
  readonly text: (text: string) => string;
  readonly headers: (headers: HeaderPairs) => HeaderPairs;
  /**
   * The first `most` bytes, more or less. A body with a content-encoding in which something is found comes out decoded; of
   * one that cannot be decoded nothing is left: `null`.
   */
  readonly body: (bytes: Uint8Array<ArrayBuffer>, headers: HeaderPairs, most: number) => Promise<RedactedBody>;
}

export interface RedactedBody {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly decoded: boolean;
}

const encodingOf = (headers: HeaderPairs): string | null =>
  headers.find(([name]) => name.toLowerCase() === "content-encoding")?.[1] ?? null;

export const redactBy = (mask: Mask): Redact => ({
  text: mask.text,
  headers: (headers) => headers.map(([name, value]) => [mask.text(name), mask.text(value)]),
  body: async (bytes, headers, most) => {
    const masked = await maskBody(mask, bytes, encodingOf(headers), most);
    switch (masked.kind) {
      case "clean":
        return { bytes, decoded: false };
      case "masked":
        return { bytes: masked.bytes, decoded: masked.decoded };
      case "unreadable":
        return { bytes: null, decoded: false };
    }
  },
});

/** A run as it may be shown. */
export const redactView = (view: RunView, redact: Redact | null): RunView => {
  if (redact === null) return view;
  const { error } = view.outcome;
  const told = error && {
    ...error,
    name: redact.text(error.name),
    message: redact.text(error.message),
    stack: redact.text(error.stack),
  };
  return {
    ...view,
    outcome: told === undefined ? view.outcome : { ...view.outcome, error: told },
    logs: view.logs.map((entry) => ({ ...entry, text: redact.text(entry.text) })),
  };
};

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
  const shown = body === null ? { bytes: null, decoded: false } : await redact.body(body, headers, body.length);
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
