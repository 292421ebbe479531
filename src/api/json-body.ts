import { concat, tryFromUtf8 } from "../lib/bytes.ts";
import type { FieldError } from "../lib/errors.ts";
import { jsonFaultPosition } from "../lib/json-position.ts";
import { ApiProblem } from "./problems.ts";

export const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_DEPTH = 64;

const tooLarge = (): ApiProblem =>
  new ApiProblem("too-large", `A request body may have ${MAX_BODY_BYTES} bytes.`);

/** Stops at the limit while the body streams, so that nobody fills our memory with a false or absent length. */
export const readBytes = async (request: Request): Promise<Uint8Array<ArrayBuffer>> => {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of request.body ?? []) {
    total += part.length;
    if (total > MAX_BODY_BYTES) throw tooLarge();
    parts.push(part);
  }
  return concat(parts);
};

/** `accepted` are media types without parameters. */
export const assertMediaType = (request: Request, accepted: readonly string[]): void => {
  const given = request.headers.get("content-type") ?? "";
  const [type = ""] = given.split(";");
  const wanted = accepted.join(" or ");
  if (!accepted.includes(type.trim().toLowerCase())) {
    const problem =
      given === "" ? "The request has no content-type." : "This content-type is not taken here.";
    throw new ApiProblem("unsupported-media-type", `${problem} Send content-type: ${wanted}.`);
  }
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new ApiProblem("unsupported-media-type", "Send the body without a content-encoding.");
  }
};

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

/**
 * What no schema should have to look at: nesting that exhausts the stack of whoever walks it, and `__proto__`,
 * which sets the prototype of whatever it is merged into.
 */
const faultOf = (value: object, path: readonly string[]): FieldError | undefined => {
  if (path.length > MAX_DEPTH) {
    return { path: "", message: `Nested deeper than ${MAX_DEPTH} levels.` };
  }
  for (const [key, child] of Object.entries(value)) {
    const here = [...path, key];
    if (key === "__proto__") return { path: here.join("."), message: "This name is not allowed." };
    const fault = isBranch(child) ? faultOf(child, here) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column } = jsonFaultPosition(text);
    throw new ApiProblem("malformed-json", `The body is not valid JSON: line ${line}, column ${column}.`);
  }
};

export const parseJsonBody = (bytes: Uint8Array): unknown => {
  const text = tryFromUtf8(bytes);
  if (text === undefined) throw new ApiProblem("malformed-json", "The body is not valid UTF-8.");
  // RFC 8259, section 8.1: a parser may ignore a byte order mark.
  const value = parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  const fault = isBranch(value) ? faultOf(value, []) : undefined;
  if (fault !== undefined) throw new ApiProblem("invalid", fault.message, { errors: [fault] });
  return value;
};
