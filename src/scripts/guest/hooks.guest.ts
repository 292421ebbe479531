import {
  forwardRequest,
  headersFrom,
  isRequest,
  namesSet,
  pairsOf,
  partsToForward,
  placeOf,
  requestFromHit,
  stringifyJson,
  wasChanged,
} from "../../runtime/guest/index.guest.ts";
import type { Forwarded, FromUpstream, Held, Request, Response } from "../../runtime/guest/index.guest.ts";
import { beyondTime } from "./context.guest.ts";
import { badResult, sendAnswer } from "./ending.guest.ts";
import * as hit from "./hit.guest.ts";
import { lazily } from "./lazily.guest.ts";
import { type Extras, sendResult } from "./reply.guest.ts";

/** Of a module whose responder has an upstream: one of them may be missing. */
export interface Hooks {
  readonly onRequest: ((request: object, ctx: object) => unknown) | undefined;
  readonly onResponse: ((response: object, ctx: object) => unknown) | undefined;
}

/** They stay behind when a request goes elsewhere, but for those that a script has set itself. */
const OF_THE_SENDER = ["authorization", "cookie"];
const NO_REQUEST =
  "onResponse returned a Request, and the upstream has answered already; answer with a Response or a plain object.";
const ALSO_FORWARDED = "A Request that is returned is forwarded";

interface ToForward {
  readonly asked: Forwarded;
  readonly held: Held | null;
  /** Nothing of it was changed. */
  readonly isSenders: boolean;
}

const toForward = (request: Request, sent: Request): ToForward => {
  const { method, url, headers, held } = partsToForward(request);
  // What the sender sent stays on the host, read or not.
  if (held !== null && held.used && held.kind !== "input") {
    throw badResult(
      `${ALSO_FORWARDED}, and the body of this one has been read; clone() it before reading it.`,
    );
  }
  const isChanged = request !== sent || wasChanged(headers);
  const set = namesSet(headers)?.filter((name) => placeOf(OF_THE_SENDER, name) >= 0) ?? null;
  const parts = hit.parts();
  return {
    asked: { method, url, headers: isChanged ? (pairsOf(headers) ?? []) : null, set },
    held,
    isSenders: !isChanged && method === parts.method && url === parts.url,
  };
};

const unread = (held: Held | null): Held | null => {
  if (held === null) return null;
  // Of what another server sent there is only one.
  return held.kind === "stream" ? null : { ...held, used: false };
};

/** The run ends with it: nobody looks at what comes back. */
const letGo = ({ asked, held, isSenders }: ToForward, extras: Extras): void => {
  if (isSenders) return sendResult(undefined, extras, NO_REQUEST);
  const { headers, method, url, set } = asked;
  const pairs = headers === null ? undefined : stringifyJson(headers);
  const more = `,"method":${stringifyJson(method)},"url":${stringifyJson(url)},"set":${stringifyJson(set)}`;
  const body = held?.kind === "stream" ? held : unread(held);
  sendAnswer({ kind: "forward", status: undefined, headers: pairs, more, ...extras }, body);
};

const send = async ({ asked, held }: ToForward): Promise<FromUpstream> => {
  try {
    return await beyondTime(() => forwardRequest(asked, held));
  } catch (error) {
    throw error instanceof DOMException && error.name === "BadResult" ? badResult(error.message) : error;
  }
};

const changedHeaders = ({ headers }: Response): string | undefined =>
  wasChanged(headers) ? `,"baseHeaders":${stringifyJson(pairsOf(headers) ?? [])}` : undefined;

/** One hit on its way to the upstream and back, as one run. `extras` is asked when there is an answer. */
export const runHooks = async (
  { onRequest, onResponse }: Hooks,
  sent: Request,
  ctx: object,
  extras: () => Extras,
): Promise<void> => {
  const result = await onRequest?.(sent, ctx);
  const goesOn = (result === undefined || result === null) && !hit.answersItself();
  if (!goesOn && !isRequest(result)) return sendResult(result, extras(), NO_REQUEST);
  const forwarded = toForward(isRequest(result) ? result : sent, sent);
  if (onResponse === undefined) return letGo(forwarded, extras());
  const { response, method, url, headers } = await send(forwarded);
  lazily(ctx, {
    request: () => requestFromHit(headersFrom(hit.headers), hit.parts),
    forwarded: () => requestFromHit(headers, () => ({ method, url, held: unread(forwarded.held) })),
  });
  const answer = await onResponse(response, ctx);
  sendResult(answer, extras(), NO_REQUEST, changedHeaders(response));
};
