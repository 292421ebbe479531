import { base64 } from "../../lib/bytes.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { jsonText } from "../../lib/json-text.ts";
import { textOfBody } from "../../responders/index.ts";
import type { KeptBody } from "../exchange.ts";

/** Of a body at a time: a multiple of 3, so that pieces of base64 fit together. Two bodies of 10 MiB are never one text. */
const PIECE_BYTES = 3 * 16 * 1024;

/** RFC 9110, 8.3: what a reader may assume when no type is given. */
const UNKNOWN_TYPE = "application/octet-stream";

const commentOf = ({ bytes, size, truncated, omitted }: KeptBody): string | undefined => {
  if (omitted === true) return `The body, ${size} bytes, is left out here.`;
  return truncated ? `Incomplete: ${bytes?.length ?? 0} of ${size} bytes were kept.` : undefined;
};

/** What HAR's `postData` and `content` say besides the text. `encoding` is HAR's for answers, and the custom for requests. */
const factsOf = (body: KeptBody, headers: HeaderPairs, text: string | undefined): object => {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const comment = commentOf(body);
  return {
    mimeType: type ?? UNKNOWN_TYPE,
    ...(comment === undefined ? {} : { comment, _truncated: true }),
    ...(body.bytes === null || text !== undefined ? {} : { encoding: "base64" }),
  };
};

/** `postData` (with no `extra`) or `content` as JSON, the text last and in pieces. */
export const bodyChunks = function* (
  body: KeptBody,
  headers: HeaderPairs,
  extra: object,
): Generator<string, undefined> {
  const { bytes } = body;
  const text = bytes === null ? undefined : textOfBody(bytes, headers);
  const facts = jsonText({ ...extra, ...factsOf(body, headers, text) });
  if (bytes === null) {
    yield facts;
    return;
  }
  yield `${facts.slice(0, -1)},"text":"`;
  // Half a surrogate pair at the end of a piece is escaped, and joins its other half when it is read.
  for (let at = 0; at < (text ?? bytes).length; at += PIECE_BYTES) {
    yield text === undefined
      ? base64(bytes.subarray(at, at + PIECE_BYTES))
      : jsonText(text.slice(at, at + PIECE_BYTES)).slice(1, -1);
  }
  yield '"}';
};
