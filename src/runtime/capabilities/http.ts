import { type AsyncOp, type Capability, OpError } from "../capability.ts";
import { ABORTED, BROKEN, type EgressFailure } from "../egress/failure.ts";
import { exceededFetches } from "../exceeded.ts";
import { StopRun } from "../stop-run.ts";
import { failureError, noRoom } from "./http-failure.ts";
import type { HttpAnswer, HttpPowers, HttpRequestBody, HttpSent } from "./http-powers.ts";
import { answeredWithin } from "./http-room.ts";
import { type GivenBody, readableHead, readHttpRequest } from "./http-request.ts";
import { MAX_HTTP_BODY_BYTES, openRunBodies, type RunBodies } from "./run-bodies.ts";
import { createTurns } from "./turns.ts";

export type { Asker, HttpAnswer, HttpPowers, HttpRequest, HttpRequestBody, HttpSent } from "./http-powers.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Of one run. */
export interface HttpLimits {
  /** One more ends the run. */
  readonly fetches: number;
  /** Of those that have no answer yet; more wait for their turn. */
  readonly fetchesInFlight: number;
}

/** An answer's headers are copied to the guest whole. */
const MAX_ANSWER_HEAD_BYTES = 256 * 1024;

/** About what a request takes of this machine: judged, signed, sent and answered. */
const REQUEST_UNITS = 250_000;
/** Of a head, either way: read as JSON, checked, put into headers. */
const UNITS_PER_HEAD_BYTE = 40;
const UNITS_PER_SENT_BYTE = 1;

const HEADERS_TOO_LONG: EgressFailure = {
  kind: "broken",
  message: `${BROKEN.message}: the answer's headers are too long`,
};

const CALLED_OFF: HttpSent = { kind: "failed", failure: ABORTED };

const overLimit = (bytes: number): OpError =>
  new OpError("TypeError", `The request's body has ${bytes} bytes; at most ${MAX_HTTP_BODY_BYTES} are sent.`);

const headBytes = ({ statusText, url, headers }: HttpAnswer): number =>
  headers.reduce((sum, [name, value]) => sum + name.length + value.length, statusText.length + url.length);

/**
 * `fetch`, `fetch-bytes`: requests to other servers, whose answers' bodies stay here, among the run's `bodies`. `inputs` are
 * the run's own, sent on unread.
 */
export const http = (
  powers: HttpPowers,
  limits: HttpLimits,
  inputs: readonly Bytes[],
  bodies: RunBodies = openRunBodies(),
): Capability => {
  const takeTurn = createTurns(limits.fetchesInFlight);
  let fetches = 0;

  const bodyOf = (given: GivenBody): HttpRequestBody | null => {
    switch (given.kind) {
      case "none":
        return null;
      case "own":
        if (given.bytes.length > MAX_HTTP_BODY_BYTES) throw overLimit(given.bytes.length);
        return given;
      case "input": {
        const bytes = inputs[given.place];
        if (bytes === undefined) throw new OpError("RangeError", "There is no such body.");
        if (bytes.length > MAX_HTTP_BODY_BYTES) throw overLimit(bytes.length);
        return { kind: "foreign", bytes };
      }
      case "stream": {
        const stream = bodies.take(given.id);
        if (stream === undefined)
          throw new OpError("TypeError", "There is no such body, or it has been read.");
        return { kind: "stream", stream };
      }
    }
  };

  const toGuest = ({ body, ...head }: HttpAnswer): string =>
    JSON.stringify({ ...head, heldBytes: undefined, stream: body === null ? null : bodies.hold(body) });

  const send = async (argument: Bytes, form: "text" | "frame", signal: AbortSignal): Promise<string> => {
    const { body, ...request } = readHttpRequest(argument, form);
    const given = bodyOf(body);
    const sending = (): Promise<HttpSent> =>
      powers.send({ ...request, body: given }, { signal, owe: bodies.loan().owe });
    const result = (await takeTurn(sending, signal)) ?? CALLED_OFF;
    if (result.kind === "failed") {
      // One that did not leave is not read by anybody.
      if (given?.kind === "stream") await given.stream.cancel().catch(() => undefined);
      throw failureError(result.failure);
    }
    const { answer } = result;
    const head = headBytes(answer);
    bodies.loan().owe(head * UNITS_PER_HEAD_BYTE);
    const isTooLong = head > MAX_ANSWER_HEAD_BYTES;
    // Nobody would read it.
    if (isTooLong || signal.aborted) await answer.body?.cancel().catch(() => undefined);
    if (isTooLong) throw failureError(HEADERS_TOO_LONG);
    if (answer.body === null || signal.aborted) return toGuest({ ...answer, body: null });
    const sentBytes = given === null || given.kind === "stream" ? 0 : given.bytes.length;
    const answered = answeredWithin(answer.body, sentBytes + answer.heldBytes, bodies.loan());
    if (answered === undefined) throw noRoom();
    return toGuest({ ...answer, body: answered });
  };

  const requestOp = (form: "text" | "frame"): AsyncOp => ({
    price: (argument) => {
      const head = readableHead(argument, form);
      const perByte = UNITS_PER_SENT_BYTE + powers.unitsPerByte;
      return REQUEST_UNITS + head * UNITS_PER_HEAD_BYTE + argument.length * perByte;
    },
    call: (argument, signal) => {
      fetches += 1;
      // Not in a promise: what ends a run has to be thrown while the guest calls.
      if (fetches > limits.fetches) throw new StopRun(exceededFetches(limits.fetches));
      return send(argument, form, signal);
    },
  });

  return {
    ...bodies.ops,
    name: "http",
    async: { ...bodies.ops.async, fetch: requestOp("text"), "fetch-bytes": requestOp("frame") },
  };
};
