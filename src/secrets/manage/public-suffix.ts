import type { IsPublicSuffix } from "./check-hosts.ts";

/** The Public Suffix List, its private part too. Evaluating it takes milliseconds: only who saves a secret pays for it. */
export const loadPublicSuffixes = async (): Promise<IsPublicSuffix> => {
  const { getPublicSuffix } = await import("tldts");
  return (domain) => getPublicSuffix(domain, { allowPrivateDomains: true }) === domain;
};
