import type { HeaderPairs } from "../lib/headers.ts";
import { type ShownBody, shownBody } from "../responders/index.ts";
import type { KeptBody } from "./exchange.ts";

export interface ShownKept {
  /** `null`: there was none, nothing of it was kept (`bodyTruncated`), or it is left out here (`bodyOmitted`). */
  readonly body: ShownBody | null;
  readonly bodySize: number;
  readonly bodyTruncated: boolean;
  readonly bodyOmitted: boolean;
}

export const shownKept = (kept: KeptBody, headers: HeaderPairs, mostBytes: number): ShownKept => {
  const { bytes, size, truncated } = kept;
  const tooLong = bytes !== null && bytes.length > mostBytes;
  return {
    body: bytes === null || tooLong ? null : shownBody(bytes, headers),
    bodySize: size,
    bodyTruncated: truncated,
    bodyOmitted: tooLong || kept.omitted === true,
  };
};
