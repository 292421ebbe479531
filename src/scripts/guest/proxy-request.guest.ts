import {
  ByteArray,
  bytesOf,
  copyBytes,
  defineProperty,
  get,
  holdBytes,
  isArray,
  isBuffer,
  isFinite,
  keysOf,
  later,
  sendRequest,
  writeLog,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes, Held, Pair } from "../../runtime/guest/index.guest.ts";
import { kindOf } from "./ending.guest.ts";

/** `Deno.core.ops.op_proxy_request` (docs/script-contract.md), on the same ops as `fetch`. */
const wrong = (what: string): TypeError => new TypeError(`op_proxy_request: ${what}.`);

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

const readText = (given: unknown, name: string): string => {
  if (typeof given !== "string") throw wrong(`${name} is ${kindOf(given)}; give a string`);
  return given;
};

const readHeaders = (given: unknown): Pair[] => {
  if (isAbsent(given)) return [];
  if (typeof given !== "object" || isArray(given)) {
    throw wrong(`headers is ${kindOf(given)}; give an object { name: value }`);
  }
  const pairs: Pair[] = [];
  const names = keysOf(given);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    const value: unknown = get(given, name);
    if (value !== undefined) pairs[pairs.length] = [name, readText(value, `the header ${name}`)];
  }
  return pairs;
};

const readBody = (given: unknown): Held | null => {
  if (isAbsent(given)) return null;
  const bytes = isArray(given) ? new ByteArray(given) : isBuffer(given) ? copyBytes(given) : undefined;
  if (bytes === undefined) throw wrong(`body is ${kindOf(given)}; give an array of bytes or a Uint8Array`);
  return bytes.length === 0 ? null : holdBytes(bytes);
};

const readTimeout = (given: unknown): number | undefined => {
  if (isAbsent(given)) return undefined;
  if (typeof given !== "number" || !isFinite(given) || given < 0) {
    throw wrong(`timeout is ${typeof given === "number" ? given : kindOf(given)}; give milliseconds`);
  }
  return given;
};

const INSECURE = "op_proxy_request: `insecure` changes nothing: certificates are always verified here.";

/** One value for each name, the last; what was true of the body as it was sent stands under another name. */
const headersOf = (pairs: readonly Pair[], decoded: boolean): object => {
  const headers: object = {};
  for (let index = 0; index < pairs.length; index += 1) {
    const [name, value] = pairs[index] ?? ["", ""];
    const moved = name === "content-length" || (decoded && name === "content-encoding");
    defineProperty(headers, moved ? `x-original-${name}` : name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return headers;
};

interface ProxyResponse {
  readonly statusCode: number;
  readonly headers: object;
  readonly body: Bytes;
}

export const op_proxy_request = async (given: unknown): Promise<ProxyResponse> => {
  if (typeof given !== "object" || given === null) {
    throw wrong(`it is given ${kindOf(given)}; give an object { url, … }`);
  }
  const field = (name: string): unknown => get(given, name);
  const method = field("method");
  const asked = {
    url: readText(field("url"), "url"),
    method: isAbsent(method) ? "GET" : readText(method, "method"),
    headers: readHeaders(field("headers")),
    redirect: "manual",
    timeoutMs: readTimeout(field("timeout")),
    encoded: field("decompress") === false,
  };
  const body = readBody(field("body"));
  if (field("insecure") === true) writeLog("warn", [INSECURE]);
  const { status, headers, decoded, stream } = await sendRequest(asked, body);
  return {
    statusCode: status,
    headers: headersOf(headers, decoded),
    body:
      stream === null
        ? new ByteArray(0)
        : bytesOf(await later("stream-bytes", new Uint32Array([stream]).buffer)),
  };
};
// Minifiers change it.
defineProperty(op_proxy_request, "name", { value: "op_proxy_request", configurable: true });
