import { type Principal, requireScope } from "../../accounts/index.ts";
import { type HeaderPair, type HeaderPairs, SET_BY_PLATFORM, withoutHeader } from "../../lib/headers.ts";
import { type EgressFailure, isKeptFromScripts, type Outlet, readBody } from "../../runtime/index.ts";
import { PLACEHOLDER } from "../../secrets/index.ts";
import { fillRequest } from "../egress/fill-request.ts";
import { routedSecrets } from "../grants/granted-names.ts";
import { grantHit, type HitGrants } from "../grants/hit-grants.ts";
import { type Answer, redactAnswer } from "../grants/redact.ts";
import { marksIn, restoreHit } from "../grants/restore.ts";
import type { Hit } from "../hit.ts";
import type { ManageDeps } from "./deps.ts";
import { definitionOf, noResponder } from "./responder.ts";
import { requireUse } from "./secret-scopes.ts";
import { findResponder } from "./store.ts";

/** Sends hits of before to a URL of their owner's. */
export interface Resender {
  readonly send: (hit: Hit, url: string) => Promise<Resent>;
}

export type Resent =
  | {
      readonly kind: "answered";
      /** Without secrets, and without what a platform adds on the way. */
      readonly answer: Answer;
      /** Headers that stayed behind: the sender's credentials are for nobody else. */
      readonly leftOut: readonly string[];
    }
  /** By the rules of what may be reached, or of where a secret may go. */
  | { readonly kind: "refused"; readonly message: string }
  /** The request is none that can be sent, or it was not answered. */
  | { readonly kind: "failed"; readonly message: string };

const TIMES = { firstByteMs: 10_000, totalMs: 30_000 };
/** What the platform undoes by itself as a body is read. */
const DECODED: ReadonlySet<string> = new Set(["gzip", "br"]);
const isDecoded = (headers: Headers): boolean => DECODED.has(headers.get("content-encoding") ?? "");

const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);
/** Of the hit's own way here; what the platform can decode, it asks for itself. */
const OF_THE_WAY: ReadonlySet<string> = new Set(["accept-encoding", "x-real-ip"]);

const namedByConnection = (headers: HeaderPairs): ReadonlySet<string> =>
  new Set(
    headers
      .filter(([name]) => name.toLowerCase() === "connection")
      .flatMap(([, value]) => value.split(",").map((name) => name.trim().toLowerCase())),
  );

/** The headers as a fresh sender would send them, and those that stay behind. */
const headersFor = (
  headers: HeaderPairs,
  isSecret: (value: string) => boolean,
): { readonly kept: HeaderPairs; readonly leftOut: readonly string[] } => {
  const dropped = namedByConnection(headers);
  const kept: HeaderPair[] = [];
  const leftOut = new Set<string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (isKeptFromScripts(lower) || OF_THE_WAY.has(lower) || dropped.has(lower)) continue;
    // A secret of the account goes where its hosts and places say; whatever else stands there is the sender's own.
    if (CREDENTIALS.has(lower) && (lower !== "authorization" || !isSecret(value))) leftOut.add(lower);
    else kept.push([name, value]);
  }
  return { kept, leftOut: [...leftOut] };
};

const answerHeaders = (headers: Headers, decoded: boolean): HeaderPairs => {
  const pairs = [...headers].filter(([name]) => !SET_BY_PLATFORM.has(name) && name !== "date");
  return decoded ? withoutHeader(pairs, "content-encoding") : pairs;
};

/** The hit with this run's placeholders where marks stand, or why it cannot be. */
const withPlaceholders = (
  hit: Hit,
  { grants, placeholders }: HitGrants,
): { readonly hit: Hit } | { readonly refused: string } => {
  const masked = (hit.replay?.masked ?? []).filter((field) => field !== "url");
  if (masked.length === 0) return { hit };
  if (grants.kind === "unopened") {
    return { refused: `The secrets ${grants.names.join(", ")} are not to be had. ${grants.reason}` };
  }
  const names = grants.secrets.map(({ name }) => name);
  const missing = marksIn(hit, masked).find(({ name }) => !names.includes(name));
  if (missing !== undefined) {
    const { name, where } = missing;
    return {
      refused: `In ${where} of the recorded request stood the secret ${name}, which this responder is not granted now.`,
    };
  }
  return { hit: restoreHit(hit, masked, (name) => placeholders.of(names.indexOf(name))?.text) };
};

/** What another URL may do about it; what is wrong with the request itself is not the URL's fault. */
const isOfUrl = (failure: EgressFailure): boolean =>
  failure.kind === "refused"
    ? failure.code !== "method" && failure.code !== "header" && failure.code !== "body"
    : failure.kind === "not-allowed-secret";

const sendOne = async (
  deps: ManageDeps,
  outlet: Outlet,
  accountId: string,
  granted: HitGrants,
  hit: Hit,
  request: { readonly url: string; readonly mostBytes: number },
): Promise<Resent> => {
  const { placeholders, redact } = granted;
  const made = withPlaceholders(hit, granted);
  if ("refused" in made) return { kind: "refused", message: made.refused };
  const { method, headers, body } = made.hit;
  const isSecret = (value: string): boolean =>
    Array.from(value.matchAll(PLACEHOLDER)).some(([found]) => placeholders.find(found) !== undefined);
  const { kept, leftOut } = headersFor(headers, isSecret);
  const secrets = fillRequest({
    placeholders,
    policy: deps.fillPolicy,
    isOwnBody: hit.replay?.masked?.includes("body") === true,
    decodes: isDecoded,
    looking: () => undefined,
    masking: () => undefined,
    used: (ids) => deps.touchSecrets(accountId, ids),
  });
  const sent = await outlet.send({
    method,
    url: request.url,
    headers: { kind: "script", pairs: kept },
    body: body === null || body.length === 0 ? null : { kind: "bytes", bytes: body },
    redirect: "manual",
    encoded: false,
    times: TIMES,
    mostBytes: request.mostBytes,
    signal: null,
    secrets,
  });
  if (sent.kind === "failed") {
    return { kind: isOfUrl(sent.failure) ? "refused" : "failed", message: sent.failure.message };
  }
  const { status, headers: came } = sent.answer;
  const read = await readBody(sent.answer.body);
  if (read.kind === "failed") return { kind: "failed", message: read.failure.message };
  const answer = {
    status,
    headers: answerHeaders(came, isDecoded(came)),
    body: read.bytes.length === 0 ? null : read.bytes,
  };
  return { kind: "answered", answer: await redactAnswer(answer, redact), leftOut };
};

/** What the key's holder sends himself: scopes as for a test, and the rules that hold for everybody. */
export const openResender = async (deps: ManageDeps, principal: Principal, id: string): Promise<Resender> => {
  requireScope(principal, "responders:write");
  const { account } = principal;
  const row = await findResponder(deps.db, account.id, id);
  if (row === undefined) throw noResponder();
  const definition = definitionOf(row);
  requireUse(principal, definition);
  const outlet = deps.openOutlet({ hops: 0, reach: { kind: "public" } });
  return {
    send: async (hit, url) => {
      const granted = await grantHit(deps, account.id, routedSecrets(definition.secrets));
      const request = { url, mostBytes: account.limits.answerBodyBytes };
      return sendOne(deps, outlet, account.id, granted, hit, request);
    },
  };
};
