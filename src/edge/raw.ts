import { HOPS_HEADER } from "../lib/hops.ts";
import type { RawBody, RawRequest } from "../responders/index.ts";
import { isOurs, type TakeRoom } from "./capture.ts";
import type { HookLocation } from "./locate.ts";

const bodyOf = (request: Request): RawBody | null => {
  const { body: stream } = request;
  if (stream === null) return null;
  const announced = request.headers.get("content-length") ?? "";
  const length = /^\d{1,15}$/.test(announced) ? Number(announced) : null;
  return request.method === "GET" || request.method === "HEAD"
    ? { kind: "request", request, length }
    : { kind: "stream", stream, length };
};

/** What is sent of a request that is also read: the body of a GET goes on only with the request that it came with. */
export const copyToSend = (request: Request): Request =>
  request.body !== null && (request.method === "GET" || request.method === "HEAD")
    ? request.clone()
    : request;

/** …whose body has been read since. */
export const withBody = (raw: RawRequest, body: Uint8Array<ArrayBuffer> | null): RawRequest =>
  body === null || raw.body?.kind === "request" ? raw : { ...raw, body: { kind: "bytes", bytes: body } };

/** A request for whom it is passed on to, not a byte of its body read: the headers that `capture` leaves out are left out here too. */
export const rawRequest = (
  request: Request,
  { style }: HookLocation,
  adminToken: string | undefined,
  take: TakeRoom,
): RawRequest => {
  const headers = new Headers(request.headers);
  headers.delete(HOPS_HEADER);
  const own = request.cf?.clientAcceptEncoding;
  if (own === "") headers.delete("accept-encoding");
  else if (typeof own === "string") headers.set("accept-encoding", own);
  if (style === "path") {
    for (const [name, value] of Array.from(headers))
      if (isOurs(name, value, adminToken)) headers.delete(name);
  }
  return { headers, body: bodyOf(request), signal: request.signal, take };
};
