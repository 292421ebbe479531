import {
  extractBody,
  headerName,
  hasName,
  headerValue,
  heldOf,
  get,
  getPrototypeOf,
  holdBytes,
  holdText,
  isArray,
  isBuffer,
  isInteger,
  isPromise,
  isRequest,
  keysOf,
  objectPrototype,
  pairsOf,
  responseParts,
  stringifyJson,
  viewBytes,
  Blob,
  FormData,
  URLSearchParams,
} from "../../runtime/guest/index.guest.ts";
import type { Held, ResponseParts } from "../../runtime/guest/index.guest.ts";
import { badResult, jsonText, kindOf, sendAnswer, UNAWAITED } from "./ending.guest.ts";
import type { AnswerHead } from "./ending.guest.ts";

type Change = [name: string, value: string | null];

const WANTED =
  "A handler answers with a Response, a plain object { status?, headers?, body? }, or nothing for the default response";

/** The same checks as of `Headers`, told as what they are here: faults of the result. */
const checked = (check: () => string): string => {
  try {
    return check();
  } catch (error) {
    throw error instanceof TypeError ? badResult(`headers: ${error.message}`) : error;
  }
};

const readValue = (name: unknown, value: unknown): Change => {
  const key = checked(() => headerName(name));
  if (value === null) return [key, null];
  if (typeof value !== "string" && typeof value !== "number") {
    throw badResult(
      `headers: the value of ${key} is ${kindOf(value)}; give a string, or null to remove it. Repeats go as an array of pairs.`,
    );
  }
  return [key, checked(() => headerValue(value, key))];
};

const readPair = (given: unknown): Change => {
  if (!isArray(given) || given.length !== 2) {
    throw badResult("headers: each entry of the array must be a pair [name, value].");
  }
  return readValue(given[0], given[1]);
};

const isList = (value: object): value is Iterable<unknown> => isArray(value) || value instanceof Map;

const readHeaders = (given: unknown): Change[] | undefined => {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== "object")
    throw badResult(`headers: ${kindOf(given)} is not headers; give an object or pairs.`);
  const known = pairsOf(given);
  if (known !== undefined) return known;
  if (isList(given)) return Array.from(given, readPair);
  const changes: Change[] = [];
  const names = keysOf(given);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    const value: unknown = get(given, name);
    if (value !== undefined) changes[changes.length] = readValue(name, value);
  }
  return changes;
};

interface ReadBody {
  readonly held: Held | null;
  readonly type: string | null;
}

/** Web bodies that name their own type. */
const isForm = (value: object): boolean =>
  value instanceof URLSearchParams || value instanceof Blob || value instanceof FormData;

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

const readBody = (given: unknown): ReadBody | undefined => {
  if (given === undefined) return undefined;
  if (given === null) return { held: null, type: null };
  if (typeof given === "string") return { held: holdText(given), type: TEXT };
  if (isBuffer(given)) return { held: holdBytes(viewBytes(given)), type: null };
  if (typeof given === "object") {
    if (isPromise(given)) throw badResult(UNAWAITED);
    if (responseParts(given) !== undefined || isRequest(given)) {
      throw badResult(
        "body: a Response or Request is not a body; give its .body, or return the Response itself.",
      );
    }
    const held = heldOf(given);
    if (held !== undefined) return { held, type: null };
    if (isForm(given)) return extractBody(given) ?? undefined;
  }
  return { held: holdText(jsonText(given)), type: JSON_TYPE };
};

const isField = (key: string): boolean => key === "status" || key === "headers" || key === "body";

const readStatus = (given: unknown): number | undefined => {
  if (given === undefined || given === null) return undefined;
  if (!isInteger(given) || Number(given) < 200 || Number(given) > 599) {
    throw badResult(
      `status: ${typeof given === "number" ? given : kindOf(given)} is not a whole number from 200 to 599.`,
    );
  }
  return Number(given);
};

const checkFields = (value: object): void => {
  const keys = keysOf(value);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    if (!isField(key)) {
      throw badResult(
        `${WANTED}; this object has the unknown field ${key}. To answer JSON, return { body: … }.`,
      );
    }
  }
};

/** What every answer of this run says besides. */
export type Extras = Pick<AnswerHead, "journal" | "done">;

const isPlain = (value: object): boolean => {
  const prototype: unknown = getPrototypeOf(value);
  return (prototype === objectPrototype || prototype === null) && !isArray(value);
};

const sendReply = (value: object, { journal, done }: Extras, more: string | undefined): void => {
  if (!isPlain(value)) throw badResult(`${WANTED}; this one returned a value that is ${kindOf(value)}.`);
  checkFields(value);
  const status = readStatus(get(value, "status"));
  const headers = readHeaders(get(value, "headers"));
  const body = readBody(get(value, "body"));
  const typed = headers !== undefined && hasName(headers, "content-type");
  const type = typed ? null : (body?.type ?? null);
  // A form or a Blob names its type itself, as in a Response; that of texts and JSON takes the base's into account.
  const implied = type === TEXT || type === JSON_TYPE;
  const changes = type === null || implied ? headers : [...(headers ?? []), ["content-type", type] as const];
  sendAnswer(
    {
      kind: "reply",
      status,
      headers: changes === undefined ? undefined : stringifyJson(changes),
      bodyType: type !== null && implied ? type : undefined,
      journal,
      done,
      more,
    },
    body?.held,
  );
};

/** Most responses have no other header than their type. */
const responseHeaders = ({ headers, type }: ResponseParts): string => {
  if (headers !== undefined) return stringifyJson(pairsOf(headers) ?? []);
  return type === null ? "[]" : `[["content-type",${stringifyJson(type)}]]`;
};

/** What a module's handler returned, sent as the answer; `noRequest`: why a Request is none; `more`: what hooks say besides. Throws `BadResult`, or what a getter of the script threw. */
export const sendResult = (value: unknown, extras: Extras, noRequest: string, more?: string): void => {
  const { journal, done } = extras;
  if (value === undefined || value === null) {
    sendAnswer({ kind: "none", status: undefined, headers: undefined, journal, done, more }, undefined);
    return;
  }
  const response = responseParts(value);
  if (response !== undefined) {
    const { status, held } = response;
    if (status === 0)
      throw badResult("Response.error() cannot be sent; answer with a status from 200 to 599.");
    sendAnswer({ kind: "response", status, headers: responseHeaders(response), journal, done, more }, held);
    return;
  }
  if (isRequest(value)) throw badResult(noRequest);
  if (typeof value !== "object") throw badResult(`${WANTED}; this one returned ${kindOf(value)}.`);
  sendReply(value, extras, more);
};
