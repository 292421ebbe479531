import type { TierLimits } from "../../accounts/index.ts";
import { EMPTY } from "../../lib/bytes.ts";
import { refuse } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { hasHeader } from "../../lib/headers.ts";
import type { HeaderPair, HeaderPairs } from "../../lib/headers.ts";
import { bytesOf } from "../body.ts";
import type { GivenBody } from "../body.ts";
import type { Hit } from "../hit.ts";
import { findRoute, indexRoutes } from "../routing/match.ts";
import type { Match, Params } from "../routing/match.ts";
import { parsePattern, splitPath } from "../routing/pattern.ts";
import { headerFaults } from "./check-response.ts";
import { methodsOf } from "./definition.ts";
import type { Definition } from "./definition.ts";
import { pairsOf } from "./input.ts";
import type { GivenHeaders } from "./input.ts";

/** A hit as its owner makes it up for a trial. */
export interface TrialRequest {
  /** Default: the responder's first method, or POST. */
  readonly method?: string | undefined;
  /** Below the handle, as it goes over the wire, with its query. Default: the responder's path, if it has no parameters. */
  readonly path?: string | undefined;
  readonly headers?: GivenHeaders | undefined;
  readonly body?: GivenBody | null | undefined;
}

export interface TrialContext {
  readonly definition: Definition;
  readonly limits: TierLimits;
  readonly requestId: string;
  readonly now: number;
  readonly urlOf: (path: string) => string;
}

const MAX_PATH_LENGTH = 8_192;

/** The responder's own path as it goes over the wire; empty when parameters leave it open. */
const defaultPath = (definition: Definition): string => {
  const parsed = parsePattern(definition.path);
  if (parsed.kind === "fault") return "";
  const texts = parsed.pattern.segments.map((segment) =>
    segment.kind === "literal" ? segment.text : undefined,
  );
  return texts.includes(undefined) ? "" : `/${texts.map((text) => encodeURIComponent(text ?? "")).join("/")}`;
};

/** What the edge would answer 400 to, or no client can send. */
const pathFault = (path: string): string | undefined => {
  if (!path.startsWith("/")) return "Give a path that begins with `/`, such as one that a sender would use.";
  if (path.length > MAX_PATH_LENGTH) return `A path has at most ${MAX_PATH_LENGTH} characters.`;
  if (!/^[!-~]+$/.test(path) || /[#\\]|%00|%5c/i.test(path)) {
    return "Write the path as it goes over the wire: percent-encoded, without white space, `#`, backslash or NUL.";
  }
  const dots = splitPath(path).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  return dots ? "The path holds a dot segment: senders would get a 400." : undefined;
};

/** Lower-case and sorted, repeats joined, as Workers show them. */
const asReceived = (given: HeaderPairs): HeaderPairs => {
  const joined = new Map<string, string>();
  const cookies: HeaderPair[] = [];
  for (const [name, value] of given) {
    const lower = name.toLowerCase();
    if (lower === "set-cookie") cookies.push([lower, value]);
    else joined.set(lower, joined.has(lower) ? `${joined.get(lower)}, ${value}` : value);
  }
  return [...joined, ...cookies].toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
};

const headersOf = (given: HeaderPairs, url: string, body: Uint8Array | null): HeaderPairs => {
  const host = new URL(url).host;
  return asReceived([
    ...given,
    ...(hasHeader(given, "host") ? [] : [["host", host] as const]),
    ...(body === null || hasHeader(given, "content-length")
      ? []
      : [["content-length", String(body.length)] as const]),
  ]);
};

/** The hit and its parameters; throws `invalid` when it could not be, or when this responder does not take it. */
export const trialHit = (
  request: TrialRequest,
  context: TrialContext,
): { readonly hit: Hit; readonly params: Params } => {
  const { definition, limits, requestId, now } = context;
  const faults: FieldError[] = [];
  const methods = methodsOf(definition.method);
  const method = request.method ?? (methods.includes("ANY") ? "POST" : (methods[0] ?? "POST"));
  const target = request.path ?? defaultPath(definition);
  const queryAt = target.indexOf("?");
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const open = `Give a path that ${definition.path} takes: its parameters leave it open.`;
  const wrong = request.path === undefined && target === "" ? open : pathFault(path);
  if (wrong !== undefined) faults.push({ path: "request.path", message: wrong });
  const given = pairsOf(request.headers ?? []);
  faults.push(...headerFaults("request.headers", given));
  const body = request.body === undefined || request.body === null ? null : (bytesOf(request.body) ?? null);
  if (body === null && request.body !== undefined && request.body !== null) {
    faults.push({ path: "request.body.base64", message: "This is not base64." });
  }
  if ((body ?? EMPTY).length > limits.requestBodyBytes) {
    const message = `A sender's body may have ${limits.requestBodyBytes} bytes: this would be a 413.`;
    faults.push({ path: "request.body", message });
  }
  refuse(faults);
  const params = paramsOf(definition, method, path);
  const url = context.urlOf(target);
  const hit: Hit = {
    requestId,
    receivedAt: now,
    method,
    url,
    path,
    rawQuery: queryAt < 0 ? null : target.slice(queryAt + 1),
    headers: headersOf(given, url, body),
    body,
    client: { ip: null },
    hops: 0,
  };
  return { hit, params };
};

/** By the responder's own route, enabled or not, and no other. */
export const matchOwn = (definition: Definition, method: string, path: string): Match => {
  const methods = methodsOf(definition.method);
  const route = {
    id: "",
    name: "",
    label: null,
    methods,
    path: definition.path,
    enabled: true,
    interpolate: false,
    upstream: null,
    secrets: null,
    program: null,
    kv: false,
    egress: { mode: "none", hosts: [] },
    keep: 0,
    notify: null,
    response: { kind: "inline", response: definition.response },
  } as const;
  return findRoute(indexRoutes([route]), null, path, method);
};

const paramsOf = (definition: Definition, method: string, path: string): Params => {
  const methods = methodsOf(definition.method);
  const match = matchOwn(definition, method, path);
  if (match.kind === "matched") return match.params;
  const fault =
    match.kind === "unmatched"
      ? { path: "request.path", message: `${path} is not one that ${definition.path} takes.` }
      : {
          path: "request.method",
          message: `${method} is not one that this responder takes: ${methods.join(", ")}.`,
        };
  refuse([fault]);
  return {};
};
