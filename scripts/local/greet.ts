import { request } from "node:http";
import type { LocalVars } from "./vars.ts";

const HELLO = {
  name: "Hello",
  method: "ANY",
  path: "/hello",
  script: {
    language: "js",
    source: `// Change me: PATCH this responder, or make your own with POST /api/v1/responders.
export default async function (request, ctx) {
  const name = new URL(request.url).searchParams.get("name") ?? "world";
  return { body: { hello: name, method: request.method, from: ctx.responder.name } };
}
`,
  },
};

const post = (port: number, host: string, path: string, key: string, body: unknown): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method: "POST",
        headers: {
          host: `${host}:${port}`,
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
        },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });

/** Gives a new account a responder that answers, then says where everything is. The last line is the one to wait for. */
export const greet = async (port: number, vars: LocalVars, isNew: boolean): Promise<void> => {
  const { hooksHost } = vars;
  if (isNew) {
    const status = await post(port, hooksHost, "/api/v1/responders", vars.DEV_API_KEY, HELLO);
    if (status !== 201) process.stderr.write(`The demo responder could not be made (status ${status}).\n`);
  }
  const origin = `http://${hooksHost}:${port}`;
  process.stdout.write(`
Hookwright runs on this machine.

  Hooks      http://demo.${hooksHost}:${port}/…   or ${origin}/~demo/…
  API        ${origin}/api/v1   reference: ${origin}/api/docs
  API key    ${vars.DEV_API_KEY}

  A hook     curl "http://demo.${hooksHost}:${port}/hello?name=you"
  The API    curl -H "Authorization: Bearer ${vars.DEV_API_KEY}" ${origin}/api/v1/responders

Ctrl-C stops it.
Ready on ${origin}
`);
};
