import { isRecord, isTexts, isWhole } from "../read.ts";
import type { NearReason, NearRoute, UnmatchedHit } from "./unmatched-hit.ts";

const REASONS: readonly NearReason[] = [
  "method",
  "disabled",
  "label",
  "trailing-slash",
  "case",
  "segment",
  "length",
];

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === "string";

const readNear = (value: unknown): NearRoute | undefined => {
  if (!isRecord(value)) return undefined;
  const { responderId, name, label, methods, path, detail } = value;
  const reason = REASONS.find((each) => each === value["reason"]);
  if (typeof responderId !== "string" || typeof name !== "string" || !isTextOrNull(label)) return undefined;
  if (!isTexts(methods) || typeof path !== "string" || typeof detail !== "string") return undefined;
  return reason && { responderId, name, label, methods, path, reason, detail };
};

/** A hit as it was stored; `undefined` for one that another version wrote otherwise. */
export const readUnmatched = (value: unknown): UnmatchedHit | undefined => {
  if (!isRecord(value) || !Array.isArray(value["nearest"])) return undefined;
  const { id, at, method, label, path, status, skipped } = value;
  if (typeof id !== "string" || !isWhole(at) || typeof method !== "string" || !isTextOrNull(label))
    return undefined;
  if (typeof path !== "string" || (status !== 404 && status !== 405) || !isWhole(skipped)) return undefined;
  const nearest = value["nearest"].flatMap((route) => readNear(route) ?? []);
  return { id, at, method, label, path, status, nearest, skipped };
};
