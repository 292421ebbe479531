import type { HeaderPairs } from "../../lib/headers.ts";
import { NOTHING_PASSED, type Passed, tapStream } from "../../lib/tap.ts";
import type { EgressBody } from "../../runtime/index.ts";
import type { RawBody, RawRequest } from "./raw-request.ts";

/** A request as it leaves for an upstream. */
export interface Leg {
  readonly method: string;
  readonly url: string;
  /** The platform's own, which keeps repeats and bytes. */
  readonly headers: Headers;
  readonly body: EgressBody | null;
  /** The same as its owner reads it: what fills in for secrets stands as it was written. */
  readonly shownHeaders: HeaderPairs;
  /** Of the body, as it leaves. */
  readonly passed: () => Passed;
}

/** What a leg is made of. */
export interface LegRequest {
  readonly method: string;
  readonly url: string;
  /** As they go to an upstream; changed in place. */
  readonly headers: Headers;
  readonly body: RawBody | null;
  /** The upstream's own that take the place of others of their names: as its owner wrote them, and with placeholders. */
  readonly own: { readonly written: HeaderPairs; readonly filled: HeaderPairs };
}

export interface LegRules {
  /** Of the body, for the journal. */
  readonly keepBytes: number;
  /** The body may have so many. */
  readonly mostBytes: number;
  readonly take: RawRequest["take"];
}

/** With a length that was announced, the platform announces it as well; without, it sends in chunks. */
const framed = (stream: ReadableStream<Uint8Array>, length: number | null): ReadableStream<Uint8Array> => {
  if (length === null) return stream;
  const { readable, writable } = new FixedLengthStream(length);
  // How it failed is told by whoever reads.
  stream.pipeTo(writable).catch(() => undefined);
  return readable;
};

/** Reads a copy no further than it is kept: the platform holds for it what the other reader has had before. */
const firstOf = (request: Request, rules: LegRules): (() => Passed) => {
  const copy = request.clone().body;
  if (copy === null) return () => NOTHING_PASSED;
  const { stream, passed } = tapStream(copy, {
    keep: rules.keepBytes,
    take: rules.take,
    most: rules.keepBytes,
  });
  const drain = async (): Promise<void> => {
    for await (const _ of stream);
  };
  drain().catch(() => undefined);
  return passed;
};

const bodyOf = (body: RawBody | null, rules: LegRules): Pick<Leg, "body" | "passed"> => {
  switch (body?.kind) {
    case undefined:
      return { body: null, passed: () => NOTHING_PASSED };
    case "bytes": {
      const { bytes } = body;
      return { body, passed: () => ({ bytes, size: bytes.length, whole: true }) };
    }
    case "request":
      return { body, passed: firstOf(body.request, rules) };
    case "stream": {
      const tap = tapStream(body.stream, { keep: rules.keepBytes, take: rules.take, most: rules.mostBytes });
      return { body: { kind: "stream", stream: framed(tap.stream, body.length) }, passed: tap.passed };
    }
  }
};

export const makeLeg = ({ method, url, headers, body, own }: LegRequest, rules: LegRules): Leg => {
  for (const [name] of own.written) headers.delete(name);
  const shownHeaders: HeaderPairs = [
    ...headers,
    ...own.written.map(([name, value]) => [name.toLowerCase(), value] as const),
  ];
  for (const [name, value] of own.filled) headers.append(name, value);
  return { method, url, headers, shownHeaders, ...bodyOf(body, rules) };
};
