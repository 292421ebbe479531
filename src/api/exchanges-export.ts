import { z } from "@hono/zod-openapi";
import { COPY_FORMS, copyAs, harChunks, isCopyForm, type Journals } from "../journal/index.ts";
import { utf8 } from "../lib/bytes.ts";
import { AppError } from "../lib/errors.ts";
import { filterFields, filterOf } from "./exchanges-query.ts";
import { NO_BODY } from "./operation.ts";
import type { Router } from "./router.ts";
import { VERSION } from "./version.ts";

/** What goes out at once; the pieces of an export are much smaller. */
const CHUNK_UNITS = 64 * 1024;

const redact = z.enum(["true", "false"], { error: "`true` or `false`." }).optional().openapi({
  default: "true",
  description: "`false` shows credentials in headers, cookies and queries as they were.",
});

const streamOf = (chunks: AsyncGenerator<string, undefined>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull: async (controller) => {
      let text = "";
      while (text.length < CHUNK_UNITS) {
        const next = await chunks.next();
        if (next.done === true) {
          if (text !== "") controller.enqueue(utf8(text));
          controller.close();
          return;
        }
        text += next.value;
      }
      controller.enqueue(utf8(text));
    },
    cancel: async () => {
      await chunks.return(undefined);
    },
  });

const tag = "Journal";
const reading = { method: "get", tag, scope: "journal:read", body: NO_BODY, status: 200 } as const;
const base = "/api/v1/responders/:id/exchanges";

export const registerExports = (
  router: Router,
  { journals }: { readonly journals: Pick<Journals, "every" | "read"> },
): void => {
  router.raw(
    {
      ...reading,
      id: "exportExchanges",
      path: `${base}.har`,
      params: { id: "rsp" },
      summary: "Export exchanges as a HAR file",
      description:
        "HAR 1.2, oldest first, of all that the filters take. Credentials in headers, cookies and queries are redacted " +
        "unless `redact=false`; bodies are as they were. Should the export fail half-way, the connection breaks.",
      query: z.strictObject({ ...filterFields, redact }),
      shown: z.object({ log: z.unknown() }).openapi("Har"),
    },
    async (principal, { param, query }) => {
      const id = param("id");
      const exchanges = await journals.every(principal, id, filterOf(query));
      const options = { version: VERSION, unredacted: query.redact === "false" };
      return new Response(streamOf(harChunks(exchanges, options)), {
        headers: {
          "content-type": "application/json",
          "content-disposition": `attachment; filename="${id}.har"`,
        },
      });
    },
  );

  router.raw(
    {
      ...reading,
      id: "copyExchange",
      path: `${base}/:exc/as/:form`,
      params: { id: "rsp", exc: "exc", form: "text" },
      summary: "Copy a request as a command or a program",
      description:
        `\`form\` is one of ${COPY_FORMS.join(", ")}: the request once more, to be pasted. What that client cannot say is ` +
        "said in comments. Credentials are redacted unless `redact=false`.",
      query: z.strictObject({ redact }),
      shown: z.string(),
      media: ["text/plain"],
    },
    async (principal, { param, query }) => {
      const form = param("form");
      if (!isCopyForm(form)) {
        throw new AppError("not-found", `An exchange can be copied as ${COPY_FORMS.join(", ")}.`);
      }
      const exchange = await journals.read(principal, param("id"), param("exc"));
      return new Response(copyAs(form, exchange, { unredacted: query.redact === "false" }), {
        headers: {
          "content-type": "text/plain; charset=utf-8",
          "content-security-policy": "sandbox; default-src 'none'",
        },
      });
    },
  );
};
