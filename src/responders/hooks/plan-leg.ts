import type { HeaderPairs } from "../../lib/headers.ts";
import { type ForwardRequest, isKeptFromScripts } from "../../runtime/index.ts";
import type { EgressGranted } from "../egress/granted.ts";
import { reachOf } from "../egress/granted.ts";
import type { Hit } from "../hit.ts";
import { withPlaceholders } from "../proxy/fill-leg.ts";
import { toLegHeaders } from "../proxy/leg-headers.ts";
import type { RawBody, RawRequest } from "../proxy/raw-request.ts";
import type { ForwardJob, LegPlan } from "../proxy/start-leg.ts";
import type { UpstreamReason } from "../proxy/report.ts";
import { changeHeaders, headerChanges, type HeaderChanges, NO_CHANGES } from "./changed-headers.ts";
import { type Target, targetOf } from "./target.ts";

/** A hit whose hooks have seen it. */
export interface HookedHit {
  /** As it came. */
  readonly received: Hit;
  /** As the script sees it: in a replay, placeholders stand in it where marks stood. */
  readonly shown: Hit;
  readonly raw: RawRequest;
}

export type PlannedLeg =
  | { readonly kind: "planned"; readonly plan: Omit<LegPlan, "signal"> }
  | { readonly kind: "refused"; readonly reason: UpstreamReason; readonly message: string }
  /** The script's fault. */
  | { readonly kind: "unfit"; readonly message: string };

const BELOW = "does not stay below that of the upstream.";
/** They say who the sender is to whom it speaks: to nobody else. */
const OF_THE_SENDER = ["authorization", "cookie"];

const hasNoBody = (method: string): boolean => method === "GET" || method === "HEAD";

/** `undefined`: there is no such body. */
const bodyOf = (
  { method, body }: ForwardRequest,
  { raw, received }: HookedHit,
): { readonly body: RawBody | null; readonly isSame: boolean } | undefined => {
  if (body === null) return { body: null, isSame: raw.body === null };
  if (body instanceof Uint8Array) return { body: { kind: "bytes", bytes: body }, isSame: false };
  if ("stream" in body) return { body: { kind: "stream", stream: body.stream, length: null }, isSame: false };
  if (body.input !== 0) return undefined;
  if (method === received.method) return { body: raw.body, isSame: true };
  // A hook has made a GET of it: it goes without what it no longer can have.
  if (hasNoBody(method)) return { body: null, isSame: false };
  return {
    body: received.body === null ? null : { kind: "bytes", bytes: received.body },
    isSame: true,
  };
};

const keptFault = ({ set }: HeaderChanges): string | undefined => {
  const name = set.find(([each]) => isKeptFromScripts(each))?.[0];
  return name && `The header ${name} is not for scripts to set: leave it as it came.`;
};

const faultOf = (target: Target): PlannedLeg | undefined => {
  if (target.kind === "unfit") return target;
  if (target.kind !== "bad-path") return undefined;
  return target.isChanged
    ? { kind: "unfit", message: `The URL's path ${BELOW}` }
    : { kind: "refused", reason: "bad-path", message: `The path ${BELOW}` };
};

const isAt = (url: string, base: string): boolean => URL.parse(url)?.origin === new URL(base).origin;

/** What a hook wants forwarded, as a leg: what it did not touch stays as the platform has it. */
export const planLeg = (
  request: ForwardRequest,
  hooked: HookedHit,
  { upstream, granted }: Pick<ForwardJob, "upstream" | "granted">,
  egress: EgressGranted,
): PlannedLeg => {
  const { received, shown, raw } = hooked;
  const target = targetOf(request.url, { shown, received, upstream });
  const fault = faultOf(target);
  if (fault !== undefined || target.kind === "unfit" || target.kind === "bad-path") {
    return fault ?? { kind: "unfit", message: "" };
  }
  const changes = request.headers === null ? NO_CHANGES : headerChanges(shown.headers, request.headers);
  const kept = keptFault(changes);
  if (kept !== undefined) return { kind: "unfit", message: kept };
  const given = bodyOf(request, hooked);
  if (given === undefined) return { kind: "unfit", message: "This run has no such body." };
  if (hasNoBody(request.method) && given.body !== null && !given.isSame) {
    return { kind: "unfit", message: `A ${request.method} request has no body.` };
  }

  const headers = new Headers(raw.headers);
  toLegHeaders(headers, received);
  const isUpstreams = isAt(target.url, upstream.url);
  if (!isUpstreams) {
    const setByScript = request.headers === null ? [] : (request.set ?? OF_THE_SENDER);
    for (const name of OF_THE_SENDER) if (!setByScript.includes(name)) headers.delete(name);
  }
  // What the proxy itself has set stays.
  changeHeaders(headers, { ...changes, removed: changes.removed.filter((name) => !isKeptFromScripts(name)) });
  if (!given.isSame) headers.delete("content-length");
  const isSet = (name: string): boolean => changes.set.some(([each]) => each === name.toLowerCase());
  const written: HeaderPairs = isUpstreams ? upstream.headers.filter(([name]) => !isSet(name)) : [];
  return {
    kind: "planned",
    plan: {
      request: {
        method: request.method,
        url: target.url,
        headers,
        body: given.body,
        own: { written, filled: withPlaceholders(written, granted) },
      },
      words: {
        headers: changes.set,
        url: target.kind === "elsewhere" || target.isChanged,
        body: request.body instanceof Uint8Array ? request.body : null,
      },
      isSame: given.isSame,
      received: { bytes: received.body, size: received.body?.length ?? 0, whole: true },
      caller: {
        hops: received.hops,
        reach: target.kind === "upstream" ? { kind: "public" } : reachOf(egress),
      },
      take: raw.take,
    },
  };
};
