import { tryFromUtf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";

/** Longer than any that a server takes; it bounds the host's work for one call. */
const MAX_BYTES = 64 * 1024;
const CALL_UNITS = 2_000;
/** Measured with percent-encoding and a Unicode host, the dearest that a URL can hold, and nested JSON, the dearest that is none. */
const UNITS_PER_BYTE = 14;

const PARTS = [
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;

const price = (argument: Uint8Array): number =>
  CALL_UNITS + Math.min(argument.length, MAX_BYTES) * UNITS_PER_BYTE;

const invalid = (): OpError => new OpError("TypeError", "Invalid URL");

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const fieldsOf = (argument: Uint8Array): unknown => {
  if (argument.length > MAX_BYTES)
    throw new OpError("TypeError", `Invalid URL: longer than ${MAX_BYTES} bytes`);
  return parseJson(tryFromUtf8(argument) ?? "");
};

/** One at a time: of a list with thousands of entries, none is looked at. */
const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

const text = (value: unknown): string => {
  if (typeof value !== "string") throw invalid();
  return value;
};

const parse = (url: string, base: unknown): URL => {
  const parsed = URL.parse(url, base === undefined ? undefined : text(base));
  if (parsed === null) throw invalid();
  return parsed;
};

/** One a line: none can hold a line break. Cheaper to take apart for the guest than JSON. */
const partsOf = (url: URL): string => {
  const { href, origin, protocol, username, password, host, hostname, port, pathname, search, hash } = url;
  const parts = [href, origin, protocol, username, password, host, hostname, port, pathname, search, hash];
  return parts.join("\n");
};

/** The host's own URL parser: scripts, routing and requests then agree on what a URL means. */
export const url: Capability = {
  name: "url",
  sync: {
    "url-parse": {
      price,
      call: (argument) => {
        const fields = fieldsOf(argument);
        return partsOf(parse(text(fieldOf(fields, "url")), fieldOf(fields, "base")));
      },
    },
    "url-set": {
      price,
      call: (argument) => {
        const fields = fieldsOf(argument);
        const parsed = parse(text(fieldOf(fields, "href")), undefined);
        const asked = fieldOf(fields, "part");
        const part = PARTS.find((name) => name === asked);
        if (part === undefined) throw new OpError("TypeError", "A URL has no such part");
        parsed[part] = text(fieldOf(fields, "value"));
        return partsOf(parsed);
      },
    },
  },
};
