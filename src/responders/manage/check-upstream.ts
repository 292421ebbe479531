import type { FieldError } from "../../lib/errors.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import { isKeptFromScripts, type Refusal } from "../../runtime/index.ts";
import { type Upstream, UPSTREAM_DEFAULTS } from "../proxy/upstream.ts";
import { headerFaults } from "./check-response.ts";
import { pairsOf, type UpstreamInput } from "./input.ts";

const MOST_FIRST_BYTE_MS = 5 * 60_000;
const MOST_TOTAL_MS = 60 * 60_000;
const MOST_RETRIES = 5;
const MOST_URL = 2_048;

/** What is wrong with an upstream's URL, as a sentence that says what to do. */
const urlFault = (text: string, refusalOf: (url: string) => Refusal | undefined): string | undefined => {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//i.test(text)) {
    return "Give an absolute URL, like https://api.example.com/v1.";
  }
  if (text.length > MOST_URL) return `A URL has at most ${MOST_URL} characters.`;
  if (url.username !== "" || url.password !== "") {
    return "A URL has no user part: set an authorization header in `upstream.headers`, with `${secrets.NAME}`.";
  }
  if (text.includes("#")) return "A URL has no fragment: servers never see one.";
  if (text.includes("?")) return "A URL has no query here: the sender's is passed on as it came.";
  if (/\\|\/\/.*(?:\/|%2f)(?:\.|%2e){1,2}(?:[/?#]|%2f|$)/i.test(text)) {
    return "Write the path without backslashes and dot segments.";
  }
  const refusal = refusalOf(text);
  // Other refusals are an operator's to lift.
  return refusal?.code === "own" ? refusal.message : undefined;
};

const checkHeaders = (given: HeaderPairs, faults: FieldError[]): HeaderPairs => {
  faults.push(...headerFaults("upstream.headers", given));
  for (const [index, [name]] of given.entries()) {
    if (!isKeptFromScripts(name)) continue;
    const message = `${name} is set by the proxy itself, or by the platform: leave it out.`;
    faults.push({ path: `upstream.headers.${index}`, message });
  }
  return given;
};

const checkWhole = (
  given: number | null | undefined,
  path: string,
  [least, most, otherwise]: readonly [least: number, most: number, otherwise: number],
  faults: FieldError[],
): number => {
  const value = given ?? otherwise;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  faults.push({ path: `upstream.${path}`, message: `A whole number from ${least} to ${most}.` });
  return otherwise;
};

/** `refusalOf`: what the policy of egress says of a URL. */
export const checkUpstream = (
  given: UpstreamInput | null | undefined,
  refusalOf: (url: string) => Refusal | undefined,
  faults: FieldError[],
): Upstream | null => {
  if (given === null || given === undefined) return null;
  const url = given.url ?? "";
  const fault = urlFault(url, refusalOf);
  if (fault !== undefined) faults.push({ path: "upstream.url", message: fault });
  const { mode, timeouts, retries, onHookError } = UPSTREAM_DEFAULTS;
  const { firstByteMs, totalMs } = given.timeouts ?? {};
  const firstByte = [1, MOST_FIRST_BYTE_MS, timeouts.firstByteMs] as const;
  const total = [1, MOST_TOTAL_MS, timeouts.totalMs] as const;
  const again = [0, MOST_RETRIES, retries.attempts] as const;
  return {
    url,
    mode: given.mode ?? mode,
    headers: checkHeaders(pairsOf(given.headers ?? []), faults),
    timeouts: {
      firstByteMs: checkWhole(firstByteMs, "timeouts.firstByteMs", firstByte, faults),
      totalMs: checkWhole(totalMs, "timeouts.totalMs", total, faults),
    },
    retries: { attempts: checkWhole(given.retries?.attempts, "retries.attempts", again, faults) },
    onHookError: given.onHookError ?? onHookError,
  };
};
