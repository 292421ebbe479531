import { hasHeader, withoutHeader } from "../lib/headers.ts";
import type { HeaderPair, HeaderPairs } from "../lib/headers.ts";
import type { HeaderOverlay, ScriptAnswer } from "../scripts/index.ts";
import type { Reply } from "./hit.ts";

type ScriptReply = Extract<ScriptAnswer, { kind: "reply" }>;

const mergeHeaders = (base: HeaderPairs, overlay: HeaderOverlay): HeaderPairs => {
  if (overlay.mode === "replace") return overlay.pairs;
  const replaced = new Set(overlay.set.map(([name]) => name.toLowerCase()));
  const given = overlay.set.flatMap(([name, value]): readonly HeaderPair[] =>
    value === null ? [] : [[name, value]],
  );
  return [...base.filter(([name]) => !replaced.has(name.toLowerCase())), ...given];
};

const isJsonType = (value: string): boolean => /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(value.trim());

/**
 * The type that a body implies. A text takes what type there is; a JSON value is no page of HTML, whatever the base
 * was, so only a JSON type of the base's stays. A type of the script's own never comes here.
 */
const withBodyType = (headers: HeaderPairs, type: string): HeaderPairs => {
  const current = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const stays = current !== undefined && (type !== "application/json" || isJsonType(current));
  return stays ? headers : [...withoutHeader(headers, "content-type"), ["content-type", type]];
};

/** A script's reply over the base: an absent field is the base's, and each header that is named replaces the base's of that name. */
export const layOver = (
  base: Reply,
  reply: ScriptReply,
  bodyOf: (body: NonNullable<ScriptReply["body"]>) => Reply["body"],
): Reply => {
  const merged = reply.headers === undefined ? base.headers : mergeHeaders(base.headers, reply.headers);
  const { body, bodyType } = reply;
  const named = reply.headers !== undefined && setsType(reply.headers);
  return {
    status: reply.status ?? base.status,
    headers: bodyType === undefined || named ? merged : withBodyType(merged, bodyType),
    body: body === undefined ? base.body : body === null ? null : bodyOf(body),
  };
};

/** The script set a type, or removed it: either is its word on it. */
const setsType = (overlay: HeaderOverlay): boolean =>
  overlay.mode === "replace"
    ? hasHeader(overlay.pairs, "content-type")
    : overlay.set.some(([name]) => name.toLowerCase() === "content-type");
