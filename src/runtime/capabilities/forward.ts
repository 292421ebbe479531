import { isHeaderName, isHeaderValue } from "../../lib/headers.ts";
import { type AsyncOp, type Capability, OpError } from "../capability.ts";
import type { ForwardAnswer, ForwardPowers, ForwardRequest } from "./forward-powers.ts";
import { type GivenBody, isPair, readableHead, readGiven } from "./http-request.ts";
import type { RunBodies } from "./run-bodies.ts";

export type { ForwardAnswer, ForwardPowers, ForwardRequest } from "./forward-powers.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** As of a request of the script's own: made into a leg, judged, signed, sent and answered. */
const FORWARD_UNITS = 250_000;
const UNITS_PER_HEAD_BYTE = 40;
const UNITS_PER_SENT_BYTE = 1;
/** An answer's headers are copied to the guest whole. */
const MAX_ANSWER_HEAD_BYTES = 256 * 1024;

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** The head of a request to be forwarded; `undefined` for what is none. A header that could not be sent would split it. */
export const readForwardHead = (
  head: ReadonlyMap<string, unknown>,
): Omit<ForwardRequest, "body"> | undefined => {
  const method = head.get("method");
  const url = head.get("url");
  const headers = head.get("headers") ?? null;
  const set = head.get("set") ?? null;
  if (typeof method !== "string" || typeof url !== "string") return undefined;
  if (set !== null && !isTexts(set)) return undefined;
  if (headers === null) return { method, url, headers, set };
  if (!Array.isArray(headers) || !headers.every(isPair)) return undefined;
  if (!headers.every(([name, value]) => isHeaderName(name) && isHeaderValue(value))) return undefined;
  return { method, url, headers: headers.map(([name, value]) => [name.toLowerCase(), value]), set };
};

const wrong = (): OpError => new OpError("TypeError", "This is no request to be forwarded.");

/**
 * `forward`, `forward-bytes`: sends what the hit was, or what the script made of it, to the upstream, once in a run. The run's
 * wall clock stands still until the head of the answer is there; its body stays here, among the run's `bodies`.
 */
export const forward = (powers: ForwardPowers, bodies: RunBodies): Capability => {
  let isBegun = false;

  const bodyOf = (given: GivenBody): ForwardRequest["body"] => {
    switch (given.kind) {
      case "none":
        return null;
      case "own":
        return given.bytes;
      case "input":
        return { input: given.place };
      case "stream": {
        const stream = bodies.take(given.id);
        if (stream === undefined) throw wrong();
        return { stream };
      }
    }
  };

  const toGuest = (answer: Extract<ForwardAnswer, { kind: "answered" }>): string => {
    const { status, statusText, headers, body, forwarded } = answer;
    const stream = body === null ? null : bodies.keep(body);
    return JSON.stringify({ status, statusText, headers, forwarded, stream });
  };

  const send = async (request: ForwardRequest, signal: AbortSignal): Promise<string> => {
    const startClock = bodies.loan().stopClock();
    const answer = await powers.forward(request, signal).finally(startClock);
    switch (answer.kind) {
      case "failed":
        throw new OpError("UpstreamError", answer.message, answer.fault);
      case "unfit":
        throw new OpError("BadResult", answer.message);
      case "answered": {
        const text = toGuest(answer);
        bodies.loan().owe(text.length * UNITS_PER_HEAD_BYTE);
        if (text.length <= MAX_ANSWER_HEAD_BYTES) return text;
        throw new OpError(
          "UpstreamError",
          "Upstream request failed: the answer's headers are too long",
          "broken",
        );
      }
    }
  };

  const opOf = (form: "text" | "frame"): AsyncOp => ({
    price: (argument) =>
      FORWARD_UNITS +
      readableHead(argument, form) * UNITS_PER_HEAD_BYTE +
      argument.length * (UNITS_PER_SENT_BYTE + powers.unitsPerByte),
    call: (argument: Bytes, signal) => {
      // One whose engine is spoiled could go on to call an upstream that it was to answer for.
      if (isBegun || bodies.loan().hasAnswered()) throw new OpError("TypeError", "A hit is forwarded once.");
      const { head, body } = readGiven(argument, form);
      const read = readForwardHead(head);
      if (read === undefined) throw wrong();
      isBegun = true;
      return send({ ...read, body: bodyOf(body) }, signal);
    },
  });

  return {
    ...bodies.ops,
    name: "forward",
    async: { ...bodies.ops.async, forward: opOf("text"), "forward-bytes": opOf("frame") },
  };
};
