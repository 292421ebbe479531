import {
  ByteArray,
  get,
  headerName,
  headerValue,
  heldOf,
  holdBytes,
  holdText,
  isArray,
  isBuffer,
  isFinite,
  isPromise,
  isRequest,
  keysOf,
  pairsOf,
  responseParts,
  stringifyJson,
  trunc,
  viewBytes,
} from "../../runtime/guest/index.guest.ts";
import type { Held, Pair } from "../../runtime/guest/index.guest.ts";
import { badResult, jsonText, kindOf, sendAnswer, UNAWAITED } from "./ending.guest.ts";

const WANTED =
  "The expression must come to an object { statusCode?, headers?, body? }, or to null for the default response";

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

const readStatus = (given: unknown): number | undefined => {
  if (isAbsent(given)) return undefined;
  if (typeof given !== "number") throw badResult(`statusCode: ${kindOf(given)} is not a number.`);
  const status = trunc(given);
  if (!(status >= 200 && status <= 599)) throw badResult(`statusCode: ${given} is not from 200 to 599.`);
  return status;
};

const readPair = (name: unknown, value: unknown): Pair => {
  if (typeof name !== "string") throw badResult(`headers: a name is ${kindOf(name)}, not a string.`);
  if (typeof value !== "string")
    throw badResult(`headers: the value of ${name} is ${kindOf(value)}, not a string.`);
  try {
    const key = headerName(name);
    return [key, headerValue(value, key)];
  } catch (error) {
    throw error instanceof TypeError ? badResult(`headers: ${error.message}`) : error;
  }
};

const readHeaders = (given: unknown): Pair[] | undefined => {
  if (isAbsent(given)) return undefined;
  if (typeof given !== "object" || isArray(given)) {
    throw badResult(`headers: ${kindOf(given)} is not headers; give a plain object or a Map of strings.`);
  }
  // Its pairs are no properties: it would pass for an object without headers.
  if (pairsOf(given) !== undefined) {
    throw badResult(
      "headers: a Headers object belongs to the module form; give a plain object or a Map of strings, as Object.fromEntries(headers).",
    );
  }
  const pairs: Pair[] = [];
  if (given instanceof Map) {
    for (const [name, value] of given) if (value !== undefined) pairs[pairs.length] = readPair(name, value);
    return pairs;
  }
  const names = keysOf(given);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    const value: unknown = get(given, name);
    if (value !== undefined) pairs[pairs.length] = readPair(name, value);
  }
  return pairs;
};

/** Each number as a byte: fractions cut off, what is outside 0..255 taken to the nearest end, NaN to 0. */
const saturated = (numbers: readonly unknown[]): Uint8Array<ArrayBuffer> => {
  const bytes = new ByteArray(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) {
    const given = numbers[index];
    if (typeof given !== "number") {
      throw badResult(`body: item ${index} of the array of bytes is ${kindOf(given)}, not a number.`);
    }
    bytes[index] = isFinite(given) ? Math.min(255, Math.max(0, trunc(given))) : given > 0 ? 255 : 0;
  }
  return bytes;
};

const isBytes = (given: unknown): given is readonly unknown[] =>
  isArray(given) && (given.length === 0 || typeof given[0] === "number");

/** What only the module form answers with: as plain objects these have no fields, so they would answer nothing. */
const ofModuleForm = (value: object): string | undefined => {
  if (responseParts(value) !== undefined) return "a Response";
  if (isRequest(value)) return "a Request";
  return pairsOf(value) === undefined ? undefined : "a Headers object";
};

const readBody = (given: unknown): Held | undefined => {
  if (isAbsent(given)) return undefined;
  if (typeof given === "string") return holdText(given);
  if (isBuffer(given)) return holdBytes(viewBytes(given));
  if (isBytes(given)) return holdBytes(saturated(given));
  const held = typeof given === "object" ? heldOf(given) : undefined;
  if (held !== undefined) return held;
  if (isPromise(given)) throw badResult(UNAWAITED);
  const foreign = typeof given === "object" ? ofModuleForm(given) : undefined;
  if (foreign !== undefined) {
    throw badResult(
      `body: ${foreign} is not a body; give its text, \`await response.text()\`, or a plain object.`,
    );
  }
  return holdText(jsonText(given));
};

/** What the expression came to, sent as the answer. */
export const sendExpressionResult = (result: unknown): void => {
  if (isAbsent(result)) {
    sendAnswer({ kind: "none", status: undefined, headers: undefined, done: true }, undefined);
    return;
  }
  if (typeof result !== "object") throw badResult(`${WANTED}; this one came to ${kindOf(result)}.`);
  const foreign = ofModuleForm(result);
  if (foreign !== undefined) {
    throw badResult(
      `${WANTED}; this one came to ${foreign}, which belongs to the module form: \`export default (request) => new Response(…)\`.`,
    );
  }
  const field = (name: string): unknown => get(result, name);
  const status = readStatus(field("statusCode"));
  const headers = readHeaders(field("headers"));
  const body = readBody(field("body"));
  sendAnswer(
    {
      kind: "reply",
      status,
      headers: headers === undefined ? undefined : stringifyJson(headers),
      replaceHeaders: headers !== undefined,
      skipRequest: field("skipRequest") === true,
      trackResponse: field("trackResponse") === true,
      done: true,
    },
    body,
  );
};
