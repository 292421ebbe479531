import { connect } from "node:net";

/** Sends bytes as they are, over a socket, and reads until it is closed: Node's own client would tidy them up. Text is Latin-1. */
export const rawExchange = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => (received += part));
    socket.on("error", reject);
    socket.on("close", () => resolve(received));
    socket.write(Buffer.from(text, "latin1"));
  });

/** A hit on the account `demo`: `HOST` in it is filled in, `\n` are line ends, and the connection ends with it. */
export const rawHit = (port: number, request: string): Promise<string> =>
  rawExchange(
    port,
    request
      .replace("HOST", `demo.localhost:${port}`)
      .replace("\n\n", "\nConnection: close\n\n")
      .replaceAll("\n", "\r\n"),
  );
