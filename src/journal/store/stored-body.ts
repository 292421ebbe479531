import { isRecord, isWhole } from "../../responders/index.ts";
import type { KeptBody } from "../exchange.ts";

/** A body without its bytes; `kept` is how many of them are stored, `null` for none. */
export interface StoredBody {
  readonly size: number;
  readonly truncated: boolean;
  readonly kept: number | null;
}

export const storedBody = ({ bytes, size, truncated }: KeptBody): StoredBody => ({
  size,
  truncated,
  kept: bytes?.length ?? null,
});

export const readStored = (value: unknown): StoredBody | undefined => {
  if (!isRecord(value)) return undefined;
  const { size, truncated, kept } = value;
  if (!isWhole(size) || typeof truncated !== "boolean") return undefined;
  return kept === null || isWhole(kept) ? { size, truncated, kept } : undefined;
};
