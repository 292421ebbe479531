import { base64, utf8 } from "../lib/bytes.ts";
import { jsonText } from "../lib/json-text.ts";
import {
  type Exchange,
  type KeptLegBody,
  type KeptRequest,
  type KeptUpstream,
  shownExchange,
  type ShownUpstream,
} from "../journal/index.ts";
import { textOfBody } from "../responders/index.ts";

/** Bodies up to this are shown in one piece; of longer ones there would be several copies in memory at once. */
const AT_ONCE_BYTES = 256 * 1024;
/** Of a longer one at a time: a multiple of 3, so that pieces of base64 fit together. */
const PIECE_BYTES = 3 * 16 * 1024;

interface KeptMessage {
  readonly headers: KeptRequest["headers"];
  readonly body: KeptLegBody;
}

const open = (value: object): string => jsonText(value).slice(0, -1);

/** A body as JSON. Half a surrogate pair at the end of a piece is escaped, and joins its other half when it is read. */
const bodyPieces = function* (
  bytes: Uint8Array,
  headers: KeptRequest["headers"],
): Generator<string, undefined> {
  const text = textOfBody(bytes, headers);
  yield text === undefined ? '{"base64":"' : '{"text":"';
  for (let at = 0; at < (text ?? bytes).length; at += PIECE_BYTES) {
    yield text === undefined
      ? base64(bytes.subarray(at, at + PIECE_BYTES))
      : jsonText(text.slice(at, at + PIECE_BYTES)).slice(1, -1);
  }
  yield '"}';
};

const messagePieces = function* (
  shown: object,
  { headers, body }: KeptMessage,
): Generator<string, undefined> {
  if (body === "same" || body.bytes === null || body.bytes.length <= AT_ONCE_BYTES) {
    yield jsonText(shown);
    return;
  }
  yield `${open({ ...shown, bodyOmitted: false, body: undefined })},"body":`;
  yield* bodyPieces(body.bytes, headers);
  yield "}";
};

const upstreamPieces = function* (
  { request, response, ...rest }: ShownUpstream,
  kept: KeptUpstream,
): Generator<string, undefined> {
  yield `${open(rest)},"request":`;
  yield* messagePieces(request, kept.request);
  yield ',"response":';
  if (response === null || kept.response === null) yield "null";
  else yield* messagePieces(response, kept.response);
  yield "}";
};

const pieces = function* (exchange: Exchange): Generator<string, undefined> {
  const { request, response, upstream, ...rest } = shownExchange(exchange, AT_ONCE_BYTES);
  yield `${open(rest)},"request":`;
  yield* messagePieces(request, exchange.request);
  yield ',"response":';
  yield* messagePieces(response, exchange.response);
  if (upstream !== undefined && exchange.upstream !== null) {
    yield ',"upstream":';
    yield* upstreamPieces(upstream, exchange.upstream);
  }
  yield "}";
};

/** An exchange with its bodies as JSON, made while it is read: each body may have 10 MiB. */
export const wholeExchange = (exchange: Exchange): ReadableStream<Uint8Array> => {
  const left = pieces(exchange);
  return new ReadableStream({
    pull: (controller) => {
      const next = left.next();
      if (next.done === true) controller.close();
      else controller.enqueue(utf8(next.value));
    },
  });
};
