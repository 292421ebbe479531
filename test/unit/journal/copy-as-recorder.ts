import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";

/** A request as it came over the wire; texts are Latin-1, one character a byte. */
export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface Recorder {
  readonly port: number;
  /** What came since the last look. */
  readonly take: () => readonly Received[];
  readonly close: () => Promise<void>;
}

const headOf = (text: string): Omit<Received, "body"> => {
  const [line = "", ...rest] = text.split("\r\n");
  const [method = "", target = ""] = line.split(" ");
  const headers = rest.map((each): readonly [string, string] => {
    const at = each.indexOf(":");
    // Only HTTP's own white space goes: whatever else is around a value was sent.
    return [
      each.slice(0, at).toLowerCase(),
      each
        .slice(at + 1)
        .replace(/^[ \t]+/, "")
        .replace(/[ \t]+$/, ""),
    ];
  });
  return { method, target, headers };
};

/** Reads a request byte by byte itself: a real server would refuse, decode or join what is to be compared. */
const receive = (all: Buffer): Received | undefined => {
  const end = all.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = headOf(all.subarray(0, end).toString("latin1"));
  const length = Number(head.headers.find(([name]) => name === "content-length")?.[1] ?? 0);
  const body = all.subarray(end + 4);
  return body.length < length ? undefined : { ...head, body };
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });

/** A server of one test's own: its port says whose request came. */
export const createRecorder = async (): Promise<Recorder> => {
  let received: Received[] = [];
  const server = createServer((socket) => {
    let parts: Buffer[] = [];
    socket.on("error", () => socket.destroy());
    socket.on("data", (part) => {
      parts.push(part);
      const request = receive(Buffer.concat(parts));
      if (request === undefined) return;
      parts = [];
      received.push(request);
      const content = request.method === "HEAD" ? "" : "ok";
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n${content}`);
    });
  });
  const port = await listen(server);
  return {
    port,
    take: () => {
      const taken = received;
      received = [];
      return taken;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
