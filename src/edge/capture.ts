import type { HeaderPair, HeaderPairs } from "../lib/headers.ts";
import { fromBase64, fromUtf8 } from "../lib/bytes.ts";
import { createPieces } from "../lib/pieces.ts";
import type { Client, Hit, Rejection } from "../responders/index.ts";
import { HOPS_HEADER } from "../lib/hops.ts";
import type { HookLocation } from "./locate.ts";

export interface BodyLimits {
  readonly requestBodyBytes: number;
  readonly requestBodyMs: number;
}

/** The headers as Workers show them, with the sender's own `accept-encoding` where the platform kept it aside. */
const headersOf = (request: Request): HeaderPairs => {
  const own = request.cf?.clientAcceptEncoding;
  const pairs: HeaderPair[] = [];
  for (const [name, value] of request.headers) {
    // Ours, between the doors: whoever saw it could send it again.
    if (name === HOPS_HEADER) continue;
    if (name !== "accept-encoding" || typeof own !== "string") pairs.push([name, value]);
    else if (own !== "") pairs.push([name, own]);
  }
  return pairs;
};

/** A key of ours, in any scheme: `Basic` hides it in base64. */
const holdsKey = (authorization: string): boolean => {
  const hidden = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization)?.[1];
  const shown = hidden === undefined ? undefined : fromBase64(hidden);
  return /\bhw_(live|dev)_/.test(shown === undefined ? authorization : fromUtf8(shown));
};

/** Path style shares the console's origin: a browser's cookies for the console, or a key of ours, are none of a script's business. */
export const isOurs = (name: string, value: string, adminToken: string | undefined): boolean => {
  if (name === "cookie") return true;
  if (name !== "authorization") return false;
  return holdsKey(value) || (adminToken !== undefined && value.includes(adminToken));
};

const clientOf = (request: Request): Client => {
  const cf = request.cf;
  return {
    ip: request.headers.get("cf-connecting-ip"),
    ...(typeof cf?.country === "string" ? { country: cf.country } : {}),
    ...(typeof cf?.asn === "number" ? { asn: cf.asn } : {}),
    ...(typeof cf?.tlsVersion === "string" && cf.tlsVersion !== "" ? { tlsVersion: cf.tlsVersion } : {}),
  };
};

type Body =
  | { readonly kind: "body"; readonly bytes: Uint8Array<ArrayBuffer> | null }
  | { readonly kind: "refused"; readonly rejection: Rejection; readonly size: number };

/** Reads to the end, within the size and the time: a sender that trickles must not hold a request open. */
const readBody = async (request: Request, limits: BodyLimits, take: TakeRoom): Promise<Body> => {
  const announced = Number(request.headers.get("content-length") ?? 0);
  const refused = (rejection: Rejection, arrived: number): Body => ({
    kind: "refused",
    rejection,
    size: Math.max(arrived, Number.isSafeInteger(announced) ? announced : 0),
  });
  const tooLarge: Rejection = { kind: "too-large", limitBytes: limits.requestBodyBytes };
  if (announced > limits.requestBodyBytes) return refused(tooLarge, 0);
  if (request.body === null) return { kind: "body", bytes: null };
  const reader = request.body.getReader();
  let isLate = false;
  let giveUp = (): void => undefined;
  const timer = setTimeout(() => {
    isLate = true;
    giveUp();
  }, limits.requestBodyMs);
  // Not by `Promise.race` with one promise for all pieces: it would keep each of them until the end.
  const read = (): Promise<Awaited<ReturnType<typeof reader.read>> | "late"> =>
    new Promise((resolve, reject) => {
      giveUp = () => resolve("late");
      if (isLate) giveUp();
      else reader.read().then(resolve, reject);
    });
  const pieces = createPieces();
  let size = 0;
  try {
    for (;;) {
      const next = await read();
      if (next === "late") return refused({ kind: "too-slow", limitMs: limits.requestBodyMs }, size);
      if (next.done) return { kind: "body", bytes: pieces.whole() };
      size += next.value.length;
      if (size > limits.requestBodyBytes) return refused(tooLarge, size);
      // A crowd of large bodies must not be the isolate's end.
      if (!take(next.value.length)) return refused({ kind: "overloaded", retryAfterSeconds: 1 }, size);
      pieces.add(next.value);
    }
  } finally {
    clearTimeout(timer);
    // What is left unread is not wanted; a sender that is gone already makes this reject, which changes nothing.
    reader.cancel().catch(() => undefined);
  }
};

/** Asked before so many bytes more of a body are held. */
export type TakeRoom = (bytes: number) => boolean;

export interface Arrival {
  readonly requestId: string;
  readonly receivedAt: number;
  readonly hops: number;
}

/** A request as plain data. */
export interface Captured {
  readonly hit: Hit;
  /** Why its body was not taken, and how large that is as far as it is known: `hit` then has none. */
  readonly refused: { readonly rejection: Rejection; readonly size: number } | null;
}

/** All but the body, which stays unread. */
export const captureHead = (
  request: Request,
  location: HookLocation,
  arrival: Arrival,
  adminToken: string | undefined,
): Hit => {
  const headers = headersOf(request);
  return {
    requestId: arrival.requestId,
    receivedAt: arrival.receivedAt,
    method: request.method,
    url: request.url,
    path: location.path,
    rawQuery: location.rawQuery,
    headers:
      location.style === "path"
        ? headers.filter(([name, value]) => !isOurs(name, value, adminToken))
        : headers,
    body: null,
    client: clientOf(request),
    hops: arrival.hops,
  };
};

/** …with its body. */
export const captureWhole = async (
  request: Request,
  head: Hit,
  limits: BodyLimits,
  take: TakeRoom,
): Promise<Captured> => {
  const body = await readBody(request, limits, take);
  return body.kind === "body"
    ? { hit: { ...head, body: body.bytes }, refused: null }
    : { hit: head, refused: body };
};
