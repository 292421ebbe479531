import { AppError } from "../lib/errors.ts";
import type { Tier, TierLimits } from "./tiers.ts";

export const SCOPES = [
  "responders:read",
  "responders:write",
  "scripts:read",
  "scripts:write",
  "secrets:read",
  "secrets:write",
  "secrets:use",
  "secrets:reveal",
  "journal:read",
  "journal:write",
  "journal:replay",
  "state:read",
  "state:write",
  "trackers:read",
  "trackers:write",
  "keys:write",
  "account:read",
  "*",
] as const;
export type Scope = (typeof SCOPES)[number];

export interface Account {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly tier: Tier;
  /** The tier's, with the operator's overrides. */
  readonly limits: TierLimits;
  readonly suspended: boolean;
  readonly createdAt: number;
}

/** Who acts: first argument of every verb of the management side. */
export interface Principal {
  readonly account: Account;
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

/** `*` holds every scope, and a `…:write` its `…:read`. */
export const holdsScope = (held: readonly Scope[], wanted: Scope): boolean => {
  if (held.includes("*") || held.includes(wanted)) return true;
  const write = wanted.replace(/:read$/, ":write");
  return write !== wanted && held.some((scope) => scope === write);
};

/** `why` goes after the scope, where what is asked for does not say it. */
export const requireScope = (principal: Principal, scope: Scope, why = ""): void => {
  if (!holdsScope(principal.scopes, scope)) {
    throw new AppError("forbidden", `This needs a key with the scope ${scope}${why}.`);
  }
};

export const isScope = (text: unknown): text is Scope => SCOPES.some((scope) => scope === text);

/** The column `keys.scopes`. A scope that no longer exists gives nothing. */
export const parseScopes = (text: string): readonly Scope[] => {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter(isScope) : [];
};
