import { request as send } from "node:http";

export interface Sent {
  readonly method?: string;
  readonly path: string;
  /** The `Host` header: names under `.localhost` do not resolve in Node. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As they came, in order. */
  readonly rawHeaders: readonly string[];
  readonly bytes: Buffer;
  readonly text: string;
  readonly json: () => unknown;
}

/** One request to a server of this machine. The path goes out as it is given: nothing resolves dots or encodes. */
export const http = (port: number, sent: Sent): Promise<Received> =>
  new Promise((resolve, reject) => {
    const outgoing = send(
      {
        host: "127.0.0.1",
        port,
        path: sent.path,
        method: sent.method ?? "GET",
        headers: { host: sent.host ?? `localhost:${port}`, ...sent.headers },
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(parts);
          const text = bytes.toString("utf8");
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join("\n") : (value ?? ""),
            ]),
          );
          const json = (): unknown => JSON.parse(text);
          resolve({
            status: response.statusCode ?? 0,
            headers,
            rawHeaders: response.rawHeaders,
            bytes,
            text,
            json,
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(sent.body);
  });
