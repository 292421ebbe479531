import { isHeaderPairs, isRecord, isTexts, isWhole, parseJson } from "../../responders/index.ts";
import type { Client } from "../../responders/index.ts";
import type { Exchange, KeptRequest, KeptResponse } from "../exchange.ts";
import { readRun } from "./run.ts";
import { readStored, type StoredBody, storedBody } from "./stored-body.ts";
import { readUpstreamHead, type UpstreamHead, upstreamHead } from "./upstream-head.ts";

/** All of an exchange but its bodies' bytes, and what is a column of its own. */
export type Head = Omit<Exchange, "id" | "at" | "pinned" | "request" | "response" | "upstream"> & {
  readonly request: Omit<KeptRequest, "body"> & { readonly body: StoredBody };
  readonly response: Omit<KeptResponse, "body"> & { readonly body: StoredBody };
  readonly upstream: UpstreamHead | null;
};

export const headOf = ({ durationMs, request, response, run, upstream, replayOf }: Exchange): Head => ({
  durationMs,
  request: { ...request, body: storedBody(request.body) },
  response: { ...response, body: storedBody(response.body) },
  run,
  upstream: upstreamHead(upstream),
  replayOf,
});

const readClient = (value: unknown): Client | undefined => {
  if (!isRecord(value)) return undefined;
  const { ip, country, asn, tlsVersion } = value;
  if (ip !== null && typeof ip !== "string") return undefined;
  return {
    ip,
    ...(typeof country === "string" ? { country } : {}),
    ...(isWhole(asn) ? { asn } : {}),
    ...(typeof tlsVersion === "string" ? { tlsVersion } : {}),
  };
};

const readRequest = (value: unknown): Head["request"] | undefined => {
  if (!isRecord(value)) return undefined;
  const { method, url, path, rawQuery, headers } = value;
  const body = readStored(value["body"]);
  const client = readClient(value["client"]);
  if (typeof method !== "string" || typeof url !== "string" || typeof path !== "string") return undefined;
  if (rawQuery !== null && typeof rawQuery !== "string") return undefined;
  if (!isHeaderPairs(headers) || body === undefined || client === undefined) return undefined;
  const { masked } = value;
  return { method, url, path, rawQuery, headers, body, client, ...(isTexts(masked) ? { masked } : {}) };
};

const readResponse = (value: unknown): Head["response"] | undefined => {
  if (!isRecord(value)) return undefined;
  const { status, headers } = value;
  const body = readStored(value["body"]);
  return isWhole(status) && isHeaderPairs(headers) && body !== undefined
    ? { status, headers, body }
    : undefined;
};

/** `undefined` for a head that another version wrote otherwise: that exchange is not shown. */
export const readHead = (text: string): Head | undefined => {
  const value = parseJson(text);
  if (!isRecord(value)) return undefined;
  const { durationMs, replayOf } = value;
  const request = readRequest(value["request"]);
  const response = readResponse(value["response"]);
  const run = readRun(value["run"]);
  const upstream = readUpstreamHead(value["upstream"]);
  if (typeof durationMs !== "number" || (replayOf !== null && typeof replayOf !== "string")) return undefined;
  if (request === undefined || response === undefined || run === undefined) return undefined;
  if (upstream === undefined) return undefined;
  return { durationMs, request, response, run, upstream, replayOf };
};
