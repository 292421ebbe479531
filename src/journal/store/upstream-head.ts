import { isHeaderPairs, isRecord, isWhole } from "../../responders/index.ts";
import type { KeptBody } from "../exchange.ts";
import type { KeptLegBody, KeptUpstream } from "../upstream.ts";
import { readStored, type StoredBody, storedBody } from "./stored-body.ts";

type StoredLegBody = StoredBody | "same";
type Stored<Leg extends { readonly body: KeptLegBody }> = Omit<Leg, "body"> & {
  readonly body: StoredLegBody;
};

/** Both legs without the bytes of their bodies. */
export type UpstreamHead = Omit<KeptUpstream, "request" | "response"> & {
  readonly request: Stored<KeptUpstream["request"]>;
  readonly response: Stored<NonNullable<KeptUpstream["response"]>> | null;
};

const storedLegBody = (body: KeptLegBody): StoredLegBody => (body === "same" ? body : storedBody(body));

export const upstreamHead = (upstream: KeptUpstream | null): UpstreamHead | null => {
  if (upstream === null) return null;
  const { request, response } = upstream;
  return {
    ...upstream,
    request: { ...request, body: storedLegBody(request.body) },
    response: response && { ...response, body: storedLegBody(response.body) },
  };
};

const readLegBody = (value: unknown): StoredLegBody | undefined =>
  value === "same" ? value : readStored(value);

const readAttempts = (value: unknown): KeptUpstream["attempts"] =>
  !Array.isArray(value)
    ? []
    : value.flatMap((attempt: unknown) => {
        if (!isRecord(attempt)) return [];
        const { at, status, error, durationMs } = attempt;
        if (!isWhole(at) || typeof durationMs !== "number") return [];
        return [
          {
            at,
            status: isWhole(status) ? status : null,
            error: typeof error === "string" ? error : null,
            durationMs,
          },
        ];
      });

const readResponse = (value: unknown): UpstreamHead["response"] | undefined => {
  if (value === null) return null;
  if (!isRecord(value)) return undefined;
  const { status, headers } = value;
  const body = readLegBody(value["body"]);
  return isWhole(status) && isHeaderPairs(headers) && body !== undefined
    ? { status, headers, body }
    : undefined;
};

/** Absent in what was stored before there were upstreams; `undefined` for one that another version wrote otherwise. */
export const readUpstreamHead = (value: unknown): UpstreamHead | null | undefined => {
  if (value === null || value === undefined) return null;
  if (!isRecord(value) || !isRecord(value["request"])) return undefined;
  const { method, url, headers } = value["request"];
  const body = readLegBody(value["request"]["body"]);
  const response = readResponse(value["response"]);
  const { durationMs, error, unfinished } = value;
  if (typeof method !== "string" || typeof url !== "string" || !isHeaderPairs(headers)) return undefined;
  if (body === undefined || response === undefined || typeof durationMs !== "number") return undefined;
  return {
    request: { method, url, headers, body },
    response,
    attempts: readAttempts(value["attempts"]),
    durationMs,
    error: typeof error === "string" ? error : null,
    unfinished: unfinished === true,
  };
};

/** With the bytes of its own bodies, which `read` finds: of the request's leg first. */
export const wholeUpstream = (
  head: UpstreamHead | null,
  read: (side: "request" | "response", stored: StoredBody) => KeptBody,
): KeptUpstream | null => {
  if (head === null) return null;
  const { request, response } = head;
  const bodyOf = (side: "request" | "response", body: StoredLegBody): KeptLegBody =>
    body === "same" ? body : read(side, body);
  return {
    ...head,
    request: { ...request, body: bodyOf("request", request.body) },
    response: response && { ...response, body: bodyOf("response", response.body) },
  };
};
