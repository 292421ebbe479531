import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A request as a real server got it. */
export interface Recorded {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** The client hung up before its answer was whole. */
  aborted: boolean;
}

export interface HttpOrigin {
  readonly port: number;
  readonly recorded: readonly Recorded[];
  readonly stop: () => Promise<void>;
}

/** A server on this machine. */
export const startOrigin = async (
  answer: (request: Recorded, response: ServerResponse) => void,
): Promise<HttpOrigin> => {
  const recorded: Recorded[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const one: Recorded = {
        method: request.method ?? "",
        target: request.url ?? "",
        headers: request.headers,
        text: Buffer.concat(parts).toString("utf8"),
        aborted: false,
      };
      recorded.push(one);
      response.on("close", () => {
        one.aborted = !response.writableFinished;
      });
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    port: address.port,
    recorded,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
