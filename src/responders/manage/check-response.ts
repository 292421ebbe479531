import type { TierLimits } from "../../accounts/index.ts";
import { utf8 } from "../../lib/bytes.ts";
import type { FieldError } from "../../lib/errors.ts";
import { isHeaderName, isHeaderValue } from "../../lib/headers.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { bytesOf } from "../body.ts";
import { DEFAULTS } from "./definition.ts";
import type { Definition } from "./definition.ts";
import { pairsOf } from "./input.ts";
import type { ResponseInput } from "./input.ts";

const MAX_HEADERS = 100;
const MAX_HEADER_BYTES = 16 * 1024;

/** Header faults under `path`: names that are no tokens, values that would split the response, too many of them. */
export const headerFaults = (path: string, headers: HeaderPairs): readonly FieldError[] => {
  const faults = headers.flatMap(([name, value], index): FieldError[] => {
    const at = `${path}.${index}`;
    if (!isHeaderName(name)) return [{ path: at, message: `${JSON.stringify(name)} is no header name.` }];
    if (isHeaderValue(value)) return [];
    const message = `The value of ${name} holds a character that no header may carry (CR, LF, NUL, or one above U+00FF).`;
    return [{ path: at, message }];
  });
  const bytes = headers.reduce((sum, [name, value]) => sum + utf8(name).length + utf8(value).length + 4, 0);
  if (headers.length > MAX_HEADERS) faults.push({ path, message: `At most ${MAX_HEADERS} headers.` });
  if (bytes > MAX_HEADER_BYTES) {
    faults.push({ path, message: `Headers have ${bytes} bytes in all; ${MAX_HEADER_BYTES} are allowed.` });
  }
  return faults;
};

export const checkResponse = (
  input: ResponseInput,
  limits: TierLimits,
  faults: FieldError[],
): Definition["response"] => {
  const status = input.status ?? DEFAULTS.response.status;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    const message = "A status is a whole number from 200 to 599: Workers can send no other.";
    faults.push({ path: "response.status", message });
  }
  const headers = pairsOf(input.headers ?? []);
  faults.push(...headerFaults("response.headers", headers));
  const body = input.body ?? DEFAULTS.response.body;
  const bytes = bytesOf(body);
  if (bytes === undefined) faults.push({ path: "response.body.base64", message: "This is not base64." });
  else if (bytes.length > limits.defaultBodyBytes) {
    const message = `The body has ${bytes.length} bytes; a default response may have ${limits.defaultBodyBytes}.`;
    faults.push({ path: "response.body", message });
  }
  return { status, headers, body, interpolate: input.interpolate ?? DEFAULTS.response.interpolate };
};
