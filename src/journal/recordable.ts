import { Buffer } from "node:buffer";
import { contentDecoding, contentEncodingOf } from "../lib/content-coding.ts";
import type { HeaderPairs } from "../lib/headers.ts";
import {
  type ForwardReport,
  headersOfKept,
  type Legs,
  type Redact,
  type RunView,
} from "../responders/index.ts";
import type { Answered } from "./answered.ts";

/** A body on its way into the journal: the true size stays beside what is left of it. */
export interface RecordableBody {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  readonly size: number;
  /** The bytes are all that there is to keep of it. */
  readonly whole: boolean;
}

const bodyOf = (bytes: Uint8Array<ArrayBuffer> | null, size = bytes?.length ?? 0): RecordableBody => ({
  bytes,
  size,
  whole: size === (bytes?.length ?? 0),
});

/** What goes into the journal of a hit and its answer: as they came, or with secrets taken out. */
export interface Recordable {
  readonly request: {
    readonly url: string;
    readonly path: string;
    readonly rawQuery: string | null;
    readonly headers: HeaderPairs;
    readonly body: RecordableBody;
    /** The fields in which every mark stands for a secret: `url`, `header:INDEX`, `body`. */
    readonly masked: readonly string[];
  };
  readonly response: { readonly headers: HeaderPairs; readonly body: RecordableBody };
  readonly view: RunView;
  /** `null`: nothing left for an upstream. */
  readonly legs: Legs | null;
}

/** `report`: of a hit that went to an upstream, or was to; its bodies went by as streams. */
export const recordableOf = (
  { hit, response, refusedBytes }: Answered,
  view: RunView,
  report: ForwardReport | null,
): Recordable => {
  const { url, path, rawQuery, headers, body } = hit;
  return {
    request: {
      url,
      path,
      rawQuery,
      headers,
      body: report?.received ?? bodyOf(body, body?.length ?? refusedBytes),
      masked: hit.replay?.masked ?? [],
    },
    response: {
      headers: response.headers,
      body: report?.sent ?? bodyOf(response.body),
    },
    view,
    legs: report?.legs ?? null,
  };
};

const MARK_BEGINS = "[secret ";

/** A text of the sender's that reads like a mark must not be taken for one: then none of its field's is. */
const isOurs = (before: string | Uint8Array): boolean =>
  typeof before === "string" ? !before.includes(MARK_BEGINS) : !Buffer.from(before).includes(MARK_BEGINS);

const redactedBody = async (
  body: RecordableBody,
  headers: HeaderPairs,
  redact: Redact,
  most: number,
): Promise<RecordableBody & { readonly decoded: boolean }> => {
  const { bytes, size, whole } = body;
  if (bytes === null) return { ...body, decoded: false };
  const left = await redact.body(bytes, headers, most);
  return { ...left, size, whole: whole && left.isWhole };
};

const redactedLegs = async (legs: Legs, redact: Redact, most: number): Promise<Legs> => {
  const { request, response, attempts, error } = legs;
  const left = async <Leg extends Pick<Legs["request"], "headers" | "body">>(leg: Leg): Promise<Leg> => {
    const { headers } = leg;
    if (leg.body === "same") return { ...leg, headers: redact.headers(headers) };
    const body = await redactedBody(leg.body, headers, redact, most);
    return { ...leg, headers: headersOfKept(redact.headers(headers), body.decoded), body };
  };
  const told = (text: string | null): string | null => text && redact.text(text);
  return {
    ...legs,
    request: { ...(await left(request)), url: redact.text(request.url) },
    response: response && (await left(response)),
    attempts: attempts.map(({ at, status, error: why, durationMs }) => ({
      at,
      status,
      error: told(why),
      durationMs,
    })),
    error: told(error),
  };
};

const isSame = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one !== null && other !== null && (one === other || Buffer.from(one).equals(other));

/** A script that answers with the body that it was sent may leave out how that is encoded. */
const headersOfAnswerBody = ({ request, response }: Recordable): HeaderPairs => {
  const says = contentDecoding(contentEncodingOf(response.headers)).kind !== "none";
  return !says && isSame(request.body.bytes, response.body.bytes) ? request.headers : response.headers;
};

/** Before anything is cut, stored or indexed. `most` bytes of each body are kept, so no more are looked at. */
export const withoutSecrets = async (came: Recordable, redact: Redact, most: number): Promise<Recordable> => {
  const { request, response, view, legs } = came;
  const requestBody = await redactedBody(request.body, request.headers, redact, most);
  const responseBody = await redactedBody(response.body, headersOfAnswerBody(came), redact, most);
  const url = redact.text(request.url);
  const headers = redact.headers(request.headers);
  const masked = new Set([
    // Of a replay: marks that are there already.
    ...request.masked,
    ...(url !== request.url && isOurs(request.url) ? ["url"] : []),
    ...request.headers.flatMap(([, value], index) =>
      headers[index]?.[1] !== value && isOurs(value) ? [`header:${index}`] : [],
    ),
    ...(request.body.bytes !== null &&
    requestBody.bytes !== null &&
    requestBody.bytes !== request.body.bytes &&
    // Behind a coding, nobody has looked for what reads like a mark.
    !requestBody.decoded &&
    isOurs(request.body.bytes)
      ? ["body"]
      : []),
  ]);
  return {
    request: {
      url,
      path: redact.text(request.path),
      rawQuery: request.rawQuery === null ? null : redact.text(request.rawQuery),
      headers: headersOfKept(headers, requestBody.decoded),
      body: requestBody,
      masked: [...masked],
    },
    response: {
      headers: headersOfKept(redact.headers(response.headers), responseBody.decoded),
      body: responseBody,
    },
    view: redact.view(view),
    legs: legs && (await redactedLegs(legs, redact, most)),
  };
};
