import { isEvery, isOccasion, type NoticeRule } from "../../notifications/index.ts";
import { TIERS } from "../../accounts/index.ts";
import type { Tier } from "../../accounts/index.ts";
import { isGivenBody } from "../body.ts";
import { readEgress } from "../egress/granted.ts";
import type { RoutedSecrets } from "../grants/grant.ts";
import { readUpstream } from "../proxy/upstream.ts";
import { isHeaderPairs, isRecord, isTexts, isWhole, parseJson } from "../read.ts";
import type {
  DefaultResponse,
  RoutedAccount,
  RoutedProgram,
  RoutedResponder,
  RoutedResponse,
  RouteTable,
} from "./routes.ts";
import { DEFAULT_KEEP } from "./routes.ts";

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === "string";
const isTier = (value: unknown): value is Tier => TIERS.some((tier) => tier === value);

export const readDefaultResponse = (value: unknown): DefaultResponse | undefined => {
  if (!isRecord(value)) return undefined;
  const { status, headers, body } = value;
  return isWhole(status) && isHeaderPairs(headers) && isGivenBody(body)
    ? { status, headers, body }
    : undefined;
};

const readRoutedResponse = (value: unknown): RoutedResponse | undefined => {
  if (!isRecord(value)) return undefined;
  if (value["kind"] === "stored") {
    return typeof value["hash"] === "string" ? { kind: "stored", hash: value["hash"] } : undefined;
  }
  const response = readDefaultResponse(value["response"]);
  return value["kind"] === "inline" && response !== undefined ? { kind: "inline", response } : undefined;
};

const readProgram = (value: unknown): RoutedProgram | null | undefined => {
  if (value === null) return null;
  if (!isRecord(value) || typeof value["hash"] !== "string") return undefined;
  const { hash, form } = value;
  return form === "module" || form === "expression" ? { hash, form } : undefined;
};

/** Absent in tables that were written before there were secrets. */
const readSecrets = (value: unknown): RoutedSecrets | null | undefined => {
  if (value === null || value === undefined) return null;
  if (!isRecord(value)) return undefined;
  const { mode, ids, reveal } = value;
  if (mode !== "all" && mode !== "selected") return undefined;
  return isTexts(ids) && typeof reveal === "boolean" ? { mode, ids, reveal } : undefined;
};

/** Absent in tables that were written before there were notifications. */
const readNotify = (value: unknown): NoticeRule | null => {
  if (!isRecord(value)) return null;
  const { on, every } = value;
  return isOccasion(on) && isEvery(every) ? { on, every } : null;
};

export const readRouted = (value: unknown): RoutedResponder | undefined => {
  if (!isRecord(value)) return undefined;
  const { id, name, label, methods, path, enabled } = value;
  const program = readProgram(value["program"]);
  const response = readRoutedResponse(value["response"]);
  const secrets = readSecrets(value["secrets"]);
  const upstream = readUpstream(value["upstream"]);
  const egress = readEgress(value["egress"]);
  if (typeof id !== "string" || typeof name !== "string" || typeof path !== "string") return undefined;
  if (!isTextOrNull(label) || program === undefined) return undefined;
  if (!isTexts(methods) || typeof enabled !== "boolean" || response === undefined) return undefined;
  if (secrets === undefined || upstream === undefined || egress === undefined) return undefined;
  // Absent in tables that were written before scripts had state, and responders a journal.
  const kv = value["kv"] !== false;
  const keep = isWhole(value["keep"]) ? value["keep"] : DEFAULT_KEEP;
  const interpolate = value["interpolate"] === true;
  const notify = readNotify(value["notify"]);
  const is = { response, program, upstream, interpolate, secrets, kv, egress, keep, notify };
  return { id, name, label, methods, path, enabled, ...is };
};

const readAccount = (value: unknown): RoutedAccount | undefined => {
  if (!isRecord(value)) return undefined;
  const { id, handle, tier, overrides, suspended } = value;
  if (typeof id !== "string" || typeof handle !== "string" || !isTier(tier)) return undefined;
  if (typeof overrides !== "string" || !isRecord(parseJson(overrides))) return undefined;
  if (typeof suspended !== "boolean") return undefined;
  return { id, handle, tier, overrides, suspended };
};

/** A table from KV, or `undefined` when it is not one that this version understands. */
export const readRoutes = (text: string): RouteTable | undefined => {
  const value = parseJson(text);
  if (!isRecord(value) || value["version"] !== 1 || !isWhole(value["revision"])) return undefined;
  const account = readAccount(value["account"]);
  const list: unknown = value["responders"];
  if (account === undefined || !Array.isArray(list)) return undefined;
  const responders = list.map(readRouted).filter((responder) => responder !== undefined);
  // One that cannot be read would turn its hits into 404s: better to ask the database for the whole.
  if (responders.length !== list.length) return undefined;
  return { version: 1, revision: value["revision"], account, responders };
};

/** The revision alone, without parsing what may be megabytes. */
export const revisionOf = (text: string): number | undefined => {
  const digits = /^\{"version":1,"revision":(\d{1,15}),/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

export const writeRoutes = (table: RouteTable): string => {
  const { version, revision, account, responders } = table;
  return JSON.stringify({ version, revision, account, responders });
};
