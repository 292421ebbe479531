import type { HeaderPairs } from "../../lib/headers.ts";
import { isHeaderPairs, isRecord, isWhole } from "../read.ts";

/** Where a responder forwards what it receives, and how. */
export interface Upstream {
  /** As it was given: an absolute URL, with neither query nor fragment. */
  readonly url: string;
  /** `spy`: only what the responder has no answer of its own for. */
  readonly mode: "forward" | "spy";
  /** In place of the sender's of these names. `${secrets.NAME}` in a value is filled in. */
  readonly headers: HeaderPairs;
  readonly timeouts: {
    /** From when a request begins to leave until its answer's head is there. */
    readonly firstByteMs: number;
    /** Of all attempts, to the last byte of the answer. */
    readonly totalMs: number;
  };
  readonly retries: {
    /** Besides the first. */
    readonly attempts: number;
  };
  /** Whether a hook that fails is an error, or what it was given goes on as it was. */
  readonly onHookError: "fail" | "pass";
}

export const UPSTREAM_DEFAULTS = {
  mode: "forward",
  headers: [],
  timeouts: { firstByteMs: 30_000, totalMs: 60_000 },
  retries: { attempts: 0 },
  onHookError: "fail",
} as const satisfies Omit<Upstream, "url">;

/** As it was stored: `undefined` for one that another version wrote otherwise. */
export const readUpstream = (value: unknown): Upstream | null | undefined => {
  // Absent in what was stored before there were upstreams.
  if (value === null || value === undefined) return null;
  if (!isRecord(value)) return undefined;
  const { url, mode, headers, timeouts, retries, onHookError } = value;
  if (typeof url !== "string" || !isHeaderPairs(headers)) return undefined;
  if (mode !== "forward" && mode !== "spy") return undefined;
  if (onHookError !== "fail" && onHookError !== "pass") return undefined;
  if (!isRecord(timeouts) || !isRecord(retries)) return undefined;
  const { firstByteMs, totalMs } = timeouts;
  const { attempts } = retries;
  if (!isWhole(firstByteMs) || !isWhole(totalMs) || !isWhole(attempts)) return undefined;
  return { url, mode, headers, timeouts: { firstByteMs, totalMs }, retries: { attempts }, onHookError };
};
