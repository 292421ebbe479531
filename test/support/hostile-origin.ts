import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { brotliCompressSync, constants, deflateRawSync, gzipSync } from "node:zlib";

const MIB = 1024 * 1024;
const PACKED_MIB = deflateRawSync(Buffer.alloc(MIB), { finishFlush: constants.Z_FULL_FLUSH });
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
export const TEXT = "as it was sent";

export interface Origin {
  readonly port: number;
  /** Method, path, headers as they came (Latin-1) and body of every request. */
  readonly seen: readonly Seen[];
  /** How much of the bomb has been sent. */
  readonly bombBytes: () => number;
  readonly stop: () => Promise<void>;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

type Answer = (response: ServerResponse, socket: Socket) => void;

/** A server that does everything to who asks it. */
export const startHostileOrigin = async (): Promise<Origin> => {
  const seen: Seen[] = [];
  let bombBytes = 0;

  /** 10 GiB of zeros, as fast as they are taken. */
  const bomb: Answer = (response) => {
    response.setHeader("content-encoding", "gzip");
    response.write(GZIP_HEAD);
    let left = 10_240;
    const more = (): void => {
      while (left > 0) {
        left -= 1;
        bombBytes += PACKED_MIB.length;
        if (!response.write(PACKED_MIB)) return;
      }
      response.end();
    };
    response.on("drain", more);
    more();
  };

  const answers: Readonly<Record<string, Answer>> = {
    "/cached": (response) =>
      response.setHeader("cache-control", "public, max-age=86400").end(String(seen.length)),
    "/reset": (_, socket) => socket.resetAndDestroy(),
    "/garbage": (_, socket) => socket.end("this is not HTTP\r\n\r\n"),
    "/many-headers": (_, socket) => {
      const headers = Array.from({ length: 50_000 }, (_unused, at) => `x-${at}: ${"y".repeat(40)}\r\n`);
      socket.end(`HTTP/1.1 200 OK\r\n${headers.join("")}content-length: 0\r\n\r\n`);
    },
    "/stall": () => {},
    "/stall-later": (response) => response.writeHead(200).write("abc"),
    "/short": (_, socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"),
    "/long": (_, socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdef"),
    "/bad-chunk": (_, socket) =>
      socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nZZ\r\n"),
    "/endless": (response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(64 * 1024)));
      };
      response.on("drain", more);
      more();
    },
    "/bomb": bomb,
    "/brotli-bomb": (response) =>
      response.setHeader("content-encoding", "br").end(brotliCompressSync(Buffer.alloc(64 * MIB))),
    "/gzip": (response) => response.setHeader("content-encoding", "gzip").end(gzipSync(TEXT)),
    "/brotli": (response) => response.setHeader("content-encoding", "br").end(brotliCompressSync(TEXT)),
    "/not-gzip": (response) => response.setHeader("content-encoding", "gzip").end("not gzip at all"),
    "/cookies": (response) => response.setHeader("set-cookie", ["a=1", "b=2"]).end("ok"),
  };

  const answer = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const { method = "", url = "", rawHeaders, socket } = request;
    seen.push({ method, path: url, rawHeaders, body });
    const [, target] = /^\/to\?(.*)$/.exec(url) ?? [];
    if (target !== undefined) response.writeHead(302, { location: decodeURIComponent(target) }).end("moved");
    else (answers[url] ?? ((plain: ServerResponse) => plain.end("ok")))(response, socket);
  };

  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("latin1");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    port: address.port,
    seen,
    bombBytes: () => bombBytes,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
