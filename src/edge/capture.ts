import type { HeaderPair, HeaderPairs } from "../lib/headers.ts";
import { concat, fromBase64, fromUtf8 } from "../lib/bytes.ts";
import type { Client, Hit, Rejection } from "../responders/index.ts";
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
const withoutOurs = (headers: HeaderPairs, adminToken: string | undefined): HeaderPairs =>
  headers.filter(([name, value]) => {
    if (name === "cookie") return false;
    if (name !== "authorization") return true;
    return !holdsKey(value) && (adminToken === undefined || !value.includes(adminToken));
  });

const clientOf = (request: Request): Client => {
  const cf = request.cf;
  return {
    ip: request.headers.get("cf-connecting-ip"),
    ...(typeof cf?.country === "string" ? { country: cf.country } : {}),
    ...(typeof cf?.asn === "number" ? { asn: cf.asn } : {}),
    ...(typeof cf?.tlsVersion === "string" && cf.tlsVersion !== "" ? { tlsVersion: cf.tlsVersion } : {}),
  };
};

type Body = { readonly kind: "body"; readonly bytes: Uint8Array<ArrayBuffer> | null } | Rejection;

/** Reads to the end, within the size and the time: a sender that trickles must not hold a request open. */
const readBody = async (request: Request, limits: BodyLimits, take: TakeRoom): Promise<Body> => {
  const tooLarge = { kind: "too-large", limitBytes: limits.requestBodyBytes } as const;
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > limits.requestBodyBytes) return tooLarge;
  if (request.body === null) return { kind: "body", bytes: null };
  const reader = request.body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), limits.requestBodyMs);
  });
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "late") return { kind: "too-slow", limitMs: limits.requestBodyMs };
      if (next.done) return { kind: "body", bytes: concat(parts) };
      size += next.value.length;
      if (size > limits.requestBodyBytes) return tooLarge;
      // A crowd of large bodies must not be the isolate's end.
      if (!take(next.value.length)) return { kind: "overloaded", retryAfterSeconds: 1 };
      parts.push(next.value);
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
}

/** A request as plain data, or why it is refused. */
export const capture = async (
  request: Request,
  location: HookLocation,
  arrival: Arrival,
  limits: BodyLimits,
  adminToken: string | undefined,
  take: TakeRoom,
): Promise<{ readonly kind: "hit"; readonly hit: Hit } | Rejection> => {
  const body = await readBody(request, limits, take);
  if (body.kind !== "body") return body;
  const headers = headersOf(request);
  const hit: Hit = {
    requestId: arrival.requestId,
    receivedAt: arrival.receivedAt,
    method: request.method,
    url: request.url,
    path: location.path,
    rawQuery: location.rawQuery,
    headers: location.style === "path" ? withoutOurs(headers, adminToken) : headers,
    body: body.bytes,
    client: clientOf(request),
  };
  return { kind: "hit", hit };
};
