import { tryFromUtf8 } from "../../lib/bytes.ts";
import { type Capability, OpError } from "../capability.ts";

/** Longer than any that a server takes; it bounds the host's work for one call. */
const MAX_BYTES = 64 * 1024;
const CALL_UNITS = 1_000;
/** Measured with percent-encoding and a Unicode host, the dearest that a URL can hold. */
const UNITS_PER_BYTE = 6;

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

const fieldsOf = (argument: Uint8Array): ReadonlyMap<string, unknown> => {
  if (argument.length > MAX_BYTES)
    throw new OpError("TypeError", `Invalid URL: longer than ${MAX_BYTES} bytes`);
  const value = parseJson(tryFromUtf8(argument) ?? "");
  return new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
};

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
        return partsOf(parse(text(fields.get("url")), fields.get("base")));
      },
    },
    "url-set": {
      price,
      call: (argument) => {
        const fields = fieldsOf(argument);
        const parsed = parse(text(fields.get("href")), undefined);
        const part = PARTS.find((name) => name === fields.get("part"));
        if (part === undefined) throw new OpError("TypeError", "A URL has no such part");
        parsed[part] = text(fields.get("value"));
        return partsOf(parsed);
      },
    },
  },
};
