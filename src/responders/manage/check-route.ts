import type { FieldError } from "../../lib/errors.ts";
import type { Definition } from "./definition.ts";
import { parsePattern } from "../routing/pattern.ts";

const MAX_NAME_LENGTH = 100;
/** A DNS label has 63 octets, and a hyphen stands between label and handle. */
const MAX_LABEL_AND_HANDLE = 62;
const MAX_METHODS = 20;
/** Of the way, not of the resource; TRACE gives a sender's credentials back to whoever made it ask (cross-site tracing). */
const REFUSED_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);

export const checkName = (name: string | undefined, faults: FieldError[]): string => {
  const fault = (message: string): void => void faults.push({ path: "name", message });
  if (name === undefined || name === null || name.trim() === "") fault("A responder needs a name.");
  else if (name.length > MAX_NAME_LENGTH) fault(`A name has at most ${MAX_NAME_LENGTH} characters.`);
  // eslint-disable-next-line no-control-regex -- naming the control characters is the point
  else if (/[\0-\x1f\x7f]/.test(name) || !name.isWellFormed())
    fault("A name has no control characters, and no half of a surrogate pair.");
  return name ?? "";
};

export const checkLabel = (label: string | null, handle: string, faults: FieldError[]): string | null => {
  if (label === null) return null;
  const fault = (message: string): void => void faults.push({ path: "label", message });
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label)) {
    fault("A label is made of `a-z`, `0-9` and inner hyphens; `null` is none.");
  } else if (label.startsWith("xn--")) {
    fault("A label does not begin with `xn--`: those names stand for others (homographs).");
  } else if (label.length + handle.length > MAX_LABEL_AND_HANDLE) {
    const room = MAX_LABEL_AND_HANDLE - handle.length;
    fault(
      `Label and handle together have at most ${MAX_LABEL_AND_HANDLE} characters: ${room} for this label.`,
    );
  }
  return label;
};

export const checkMethod = (method: Definition["method"], faults: FieldError[]): Definition["method"] => {
  const fault = (message: string): void => void faults.push({ path: "method", message });
  const methods = typeof method === "string" ? [method] : method;
  const odd = methods.find((name) => !/^[A-Z][A-Z0-9-]{0,31}$/.test(name));
  const refused = methods.find((name) => REFUSED_METHODS.has(name));
  if (methods.length === 0) fault('Name at least one method, or `"ANY"`.');
  else if (odd !== undefined)
    fault(`${JSON.stringify(odd)} is no method: write it in upper case, like \`POST\`.`);
  else if (refused !== undefined) fault(`${refused} cannot be answered by a responder.`);
  else if (new Set(methods).size < methods.length) fault("A method is named twice.");
  else if (methods.length > 1 && methods.includes("ANY"))
    fault('`"ANY"` stands alone: it takes every method.');
  else if (methods.length > MAX_METHODS) fault(`At most ${MAX_METHODS} methods; \`"ANY"\` takes every one.`);
  return method;
};

export const checkPath = (path: string | undefined, faults: FieldError[]): string => {
  if (path === undefined || path === null) {
    faults.push({ path: "path", message: "A responder needs a path, like `/github/:repo`." });
    return "/";
  }
  const parsed = parsePattern(path);
  if (parsed.kind === "fault") faults.push({ path: "path", message: parsed.message });
  return path;
};
