import type { Resender } from "../responders/index.ts";
import { differences } from "./difference.ts";
import type { Exchange } from "./exchange.ts";
import type { Replayed, Unfit } from "./replay.ts";
import { replayedHit } from "./replayed-hit.ts";

/** The id that every answer of ours has, unless a script has put its own: a server elsewhere knows nothing of it. */
const hasOurId = ({ id, response }: Exchange): boolean =>
  response.headers.some(([name, value]) => name === "x-request-id" && value === id);

/** Sends an exchange's request to a URL, and compares its answer with the recorded one. Nothing is recorded. */
export const replayToUrl = async (
  resender: Resender,
  exchange: Exchange,
  { url, ignore }: { readonly url: string; readonly ignore: readonly string[] },
  now: number,
  most: number,
): Promise<Replayed | Unfit> => {
  const { response } = exchange;
  const sent = await resender.send(replayedHit(exchange, exchange.id, now), url);
  if (sent.kind === "refused") return { unfit: sent.message, path: "url" };
  if (sent.kind === "failed") return { unfit: `${sent.message}.` };
  const uncompared = response.body.truncated ? ["/body"] : [];
  const ignored = [...ignore, ...uncompared, ...(hasOurId(exchange) ? ["/headers/x-request-id"] : [])];
  const before = { status: response.status, headers: response.headers, body: response.body.bytes };
  return {
    response: sent.answer,
    run: null,
    difference: differences(before, sent.answer, ignored, most),
    uncompared,
    leftOut: sent.leftOut,
    exchangeId: null,
  };
};
