import { createServer, type Socket } from "node:net";

/** A request as it came over the wire; text is Latin-1, so that each byte is a character. */
export interface RawReceived {
  readonly head: string;
  readonly requestLine: string;
  /** Lines of the head after the first. */
  readonly headers: readonly string[];
  /** As framed: with chunk sizes, if it came in chunks. */
  readonly body: string;
}

/** Writes an answer as bytes, and may break any rule of HTTP. */
export type RawAnswer = (socket: Socket, received: RawReceived) => void;

export interface RawUpstream {
  readonly port: number;
  readonly url: string;
  readonly received: RawReceived[];
  /** What is answered below a path; `/` for all the rest. */
  readonly on: (path: string, answer: RawAnswer) => void;
  /** Reads nothing of what is sent to a path, once its head is there. */
  readonly ignore: (path: string) => void;
  readonly close: () => Promise<void>;
}

const isWhole = (head: string, body: string): boolean => {
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return body.length >= Number(length);
  return /^transfer-encoding: *chunked/im.test(head) ? /(?:^|\r\n)0\r\n\r\n$/.test(body) : true;
};

/** The content of a body that came in chunks. */
export const withoutChunks = (body: string): string => {
  const [, digits = "", rest = ""] = /^([0-9a-f]+)\r\n([^]*)$/i.exec(body) ?? [];
  const length = Number.parseInt(digits, 16);
  return length > 0 ? rest.slice(0, length) + withoutChunks(rest.slice(length + 2)) : "";
};

/** An answer, given with `\n` for line ends in its head. */
export const answerRaw =
  (head: string, body: string | Buffer = ""): RawAnswer =>
  (socket) => {
    socket.write(Buffer.from(`${head.replaceAll("\n", "\r\n")}\r\n\r\n`, "latin1"));
    socket.end(body);
  };

/** A server that keeps what it is sent byte for byte: every other would tidy it up. */
export const startRawUpstream = async (): Promise<RawUpstream> => {
  const received: RawReceived[] = [];
  const answers = new Map<string, RawAnswer>();
  const sockets = new Set<Socket>();
  const ignored = new Set<string>();
  const answerOf = (path: string): RawAnswer | undefined => {
    const paths = [...answers.keys()].filter((key) => path.startsWith(key));
    return answers.get(paths.toSorted((one, other) => other.length - one.length)[0] ?? "");
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (part: Buffer) => {
      text += part.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = text.slice(0, end);
      if (ignored.has(head.split(" ")[1] ?? "")) {
        socket.pause();
        return;
      }
      const body = text.slice(end + 4);
      if (!isWhole(head, body)) return;
      text = "";
      const [requestLine = "", ...headers] = head.split("\r\n");
      const whole = { head, requestLine, headers, body };
      received.push(whole);
      answerOf(requestLine.split(" ")[1] ?? "")?.(socket, whole);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  answers.set("/", answerRaw("HTTP/1.1 200 OK\nContent-Length: 2", "ok"));
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    on: (path, answer) => answers.set(path, answer),
    ignore: (path) => ignored.add(path),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};
