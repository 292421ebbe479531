import type { HeaderPairs } from "../lib/headers.ts";

/** Reading JSON that we stored ourselves: what does not fit is `undefined`, and the caller treats the whole as missing. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);

export const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

export const isHeaderPairs = (value: unknown): value is HeaderPairs =>
  Array.isArray(value) && value.every((pair) => isTexts(pair) && pair.length === 2);
