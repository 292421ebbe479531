import { fromUtf8 } from "../../src/lib/bytes.ts";
import type { PerfHit, Ran } from "../scenarios/index.ts";

/**
 * The least that runs the scenarios' scripts on a bare engine: `request` with `headers.get`, `json` and `arrayBuffer`,
 * and an answer as JSON or bytes. No `Request`, no checks, no limits: peers get less to do than the product, never more.
 */
export const GLUE = `globalThis.respond = async (handler, head, body) => {
  const { method, url, headers } = JSON.parse(head);
  const values = new Map(headers);
  const request = {
    method,
    url,
    headers: { get: (name) => values.get(name.toLowerCase()) ?? null },
    json: async () => JSON.parse(body),
    arrayBuffer: async () => body,
  };
  const reply = await handler(request, {});
  return {
    head: JSON.stringify({ status: reply.status ?? 200, headers: reply.headers ?? {} }),
    body: reply.body instanceof Uint8Array ? reply.body.buffer : JSON.stringify(reply.body),
  };
};
`;

/** For scripts that await: `later` is the host's, and ends on the next turn. */
export const TIMER_GLUE = "globalThis.setTimeout = (callback) => void later().then(callback);\n";

export const needsTimer = (source: string): boolean => source.includes("setTimeout");

/** A hit as glue takes it: bytes only where bytes are meant. */
export interface GlueHit {
  readonly head: string;
  readonly body: string | ArrayBuffer;
}

export const glueHit = ({ method, url, headers, body }: PerfHit): GlueHit => {
  const isBytes = headers.some(([name, value]) => name === "content-type" && value.includes("octet-stream"));
  const text = (): string => (body === null ? "" : fromUtf8(body));
  return {
    head: JSON.stringify({ method, url, headers }),
    body: isBytes && body !== null ? body.slice().buffer : text(),
  };
};

/** What a peer answered, with the head parsed as the product's is. */
export const ranOf = (head: string, body: Uint8Array): Ran => {
  const told: unknown = JSON.parse(head);
  const status: unknown = Reflect.get(Object(told), "status");
  return { ending: "returned", status: typeof status === "number" ? status : 0, body };
};
