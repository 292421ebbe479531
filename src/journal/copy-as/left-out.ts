import { SET_BY_PLATFORM } from "../../lib/headers.ts";

/**
 * Of the connection, of the body that is really sent, or of what this very client can decode; `expect` would make it wait.
 * Names are compared in lower case.
 */
const SET_BY_CLIENT: ReadonlySet<string> = new Set([...SET_BY_PLATFORM, "accept-encoding", "expect", "host"]);

/** What Cloudflare adds on the way in. Sent again they are refused (error 1000) or taken for a loop. */
const ADDED_ON_THE_WAY: ReadonlySet<string> = new Set([
  "cdn-loop",
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "cf-connecting-o2o",
  "cf-ew-via",
  "cf-ipcountry",
  "cf-pseudo-ipv4",
  "cf-ray",
  "cf-visitor",
  "cf-warp-tag-id",
  "cf-worker",
]);

export const isSetByClient = (name: string): boolean => SET_BY_CLIENT.has(name.toLowerCase());

export const isSetByPlatform = (name: string): boolean => ADDED_ON_THE_WAY.has(name.toLowerCase());
