import { base64, tryFromUtf8 } from "../../lib/bytes.ts";
import type { KvEntry, KvHead } from "../../runtime/index.ts";
import { parseJson } from "../read.ts";

/** An entry without its value. */
export type StateHead = KvHead;

/** A value as its owner reads it. */
export type ShownValue = { readonly value: unknown } | { readonly base64: string };
export type ShownState = KvHead & ShownValue;

/** Whoever shows it writes it as JSON again, which recursion may not survive. */
const isWritable = (value: unknown): boolean => {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
};

/** What says that it is JSON was written inside the sandbox: what is none after all is shown as bytes. */
export const shownState = ({ bytes, ...head }: KvEntry): ShownState => {
  const whole = bytes ?? new Uint8Array(0);
  const value = head.type === "json" ? parseJson(tryFromUtf8(whole) ?? "") : undefined;
  return isWritable(value) ? { ...head, value } : { ...head, base64: base64(whole) };
};
