import { TIER_LIMITS, type TierLimits } from "./tiers.ts";

export type LimitName = keyof TierLimits;
/** What an operator set for one account, over its tier. */
export type Overrides = Partial<TierLimits>;
/** A change of them: a `null` gives a limit back to the tier. */
export type OverridesPatch = { readonly [Name in LimitName]?: number | null | undefined };

const isLimitName = (name: string): name is LimitName => Object.hasOwn(TIER_LIMITS.basic, name);
export const LIMIT_NAMES: readonly LimitName[] = Object.keys(TIER_LIMITS.basic).filter(isLimitName);

const MIB = 1024 * 1024;
/**
 * Where the machinery itself ends: a row of D1 or of a Durable Object, the 10 GB of one (of which an index takes its part),
 * the 32 MiB of one call of it (two bodies), a counter of 32 bits, the source that a compilation is budgeted for.
 */
const CEILINGS: Overrides = {
  sourceBytes: MIB / 4,
  defaultBodyBytes: MIB,
  proxyBodyBytes: 2 ** 40,
  journalKeep: 100_000,
  journalBodyBytes: 12 * MIB,
  stateKeyBytes: 1_024,
  stateValueBytes: MIB,
  stateBytes: 8 * 1024 * MIB,
};
const ANY_CEILING = 2 ** 31 - 1;

export const ceilingOf = (name: LimitName): number => CEILINGS[name] ?? ANY_CEILING;

/** Why a limit cannot have this value; `undefined` when it can. */
export const faultOfLimit = (name: LimitName, value: number): string | undefined => {
  if (name === "heapMb") return value === 10 || value === 32 ? undefined : "heapMb is 10 or 32.";
  if (!Number.isInteger(value) || value < 1) return `${name} is a positive whole number.`;
  const ceiling = ceilingOf(name);
  return value > ceiling ? `${name} is at most ${ceiling}.` : undefined;
};

/** Keeps the sound part of an object of numbers: what is unknown or out of range is as good as not set. */
const sound = (given: Readonly<Record<string, unknown>>): Overrides => {
  const kept: { -readonly [Name in LimitName]?: number } = {};
  for (const name of LIMIT_NAMES) {
    const value = given[name];
    if (typeof value === "number" && faultOfLimit(name, value) === undefined) kept[name] = value;
  }
  const { heapMb, ...rest } = kept;
  return heapMb === 10 || heapMb === 32 ? { ...rest, heapMb } : rest;
};

/** Merged as a JSON Merge Patch; the caller has checked each value with `faultOfLimit`. */
export const mergeOverrides = (current: Overrides, patch: OverridesPatch | null): Overrides =>
  patch === null ? {} : sound({ ...current, ...patch });

/** The column `accounts.limits`. A limit that a later version dropped is ignored. */
export const parseOverrides = (text: string): Overrides => {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? sound({ ...value }) : {};
};
