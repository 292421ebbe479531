import type { Hit } from "../responders/index.ts";
import type { Exchange } from "./exchange.ts";

/** The hit of an exchange, once more. */
export const replayedHit = ({ id, at, request }: Exchange, requestId: string, now: number): Hit => {
  const { method, url, path, rawQuery, headers, client } = request;
  const body = request.body.bytes?.slice() ?? null;
  const replay = { of: id, at, ...(request.masked === undefined ? {} : { masked: request.masked }) };
  const arrival = { requestId, receivedAt: now, hops: 0 };
  return { ...arrival, method, url, path, rawQuery, headers, body, client, replay };
};
