import type { EgressRequest } from "../../src/runtime/egress/request.ts";
import { egressRequest, endingOf, OUTSIDE, testEgress } from "./egress.ts";

/** What the test asks of this Worker, in the header `x-ask`. */
export interface Ask {
  readonly url: string;
  readonly allow: string;
  readonly more?: Partial<Omit<EgressRequest, "body" | "headers" | "signal" | "secrets">>;
  /** Passes the whole request on, and the answer back, as a leg is. Else it sends as a script does, and tells how that ended. */
  readonly leg?: boolean;
}

const parseAsk = (text: string): Ask => {
  const ask: Ask = JSON.parse(text);
  return ask;
};

/** A Worker that is nothing but the door, to see it in workerd before real servers. */
// eslint-disable-next-line import/no-default-export -- how the platform finds a Worker
export default {
  fetch: async (request: Request): Promise<Response> => {
    const { url, allow, more = {}, leg = false } = parseAsk(request.headers.get("x-ask") ?? "");
    const outlet = testEgress({ allow }).open(OUTSIDE);
    if (!leg) return Response.json(await endingOf(await outlet.send(egressRequest(url, more))));
    const headers = new Headers(request.headers);
    headers.delete("x-ask");
    const sent = await outlet.send(
      egressRequest(url, {
        method: request.method,
        headers: { kind: "leg", headers },
        body: request.body === null ? null : { kind: "request", request },
        redirect: "manual",
        encoded: true,
        ...more,
      }),
    );
    if (sent.kind === "failed") return Response.json(await endingOf(sent), { status: 502 });
    const { status, headers: given, body } = sent.answer;
    return new Response(body, { status, headers: given, encodeBody: "manual" });
  },
} satisfies ExportedHandler;
