export const TIERS = ["basic", "standard", "professional", "ultimate"] as const;
export type Tier = (typeof TIERS)[number];

/** The column `accounts.tier`. A tier that no longer exists counts as the smallest. */
export const parseTier = (text: string): Tier => TIERS.find((tier) => tier === text) ?? "basic";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Every number that a plan limits. Sizes in bytes, times in milliseconds. An operator may override each for one account. */
export interface TierLimits {
  readonly heapMb: 10 | 32;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly runsPerResponder: number;
  /** In one isolate. */
  readonly runsPerAccount: number;
  /** Of every 10 s, in one isolate; `null` is no bucket. */
  readonly cpuMsPer10s: number | null;
  readonly fetches: number;
  readonly fetchesInFlight: number;
  readonly hostCalls: number;
  readonly hostCallsInFlight: number;
  /** Exchanges of one responder, without pinned ones. */
  readonly journalKeep: number;
  /** Of each body. */
  readonly journalBodyBytes: number;
  /** Heads and bodies of one responder's exchanges, pinned ones included. */
  readonly journalBytes: number;
  readonly proxyBodyBytes: number;
  readonly responders: number;
  readonly scripts: number;
  readonly secrets: number;
  readonly sourceBytes: number;
  readonly requestBodyBytes: number;
  /** How long a sender may take to send its body. */
  readonly requestBodyMs: number;
  /** A responder's default body; bounded by a D1 row. */
  readonly defaultBodyBytes: number;
  readonly answerBodyBytes: number;
  readonly answerHeadBytes: number;
  readonly logBytes: number;
  readonly logLines: number;
  readonly timers: number;
  /** A responder's state: a key in UTF-8, a value as it is kept, and all of them together. */
  readonly stateKeyBytes: number;
  readonly stateValueBytes: number;
  readonly stateEntries: number;
  readonly stateBytes: number;
  /** The longest that an entry may be given to live. */
  readonly stateTtlSeconds: number;
  /** Calls of `kv` in one run. */
  readonly stateOperations: number;
}

const basic: TierLimits = {
  heapMb: 10,
  cpuMs: 250,
  wallMs: 30_000,
  runsPerResponder: 10,
  runsPerAccount: 20,
  cpuMsPer10s: 2_000,
  fetches: 10,
  fetchesInFlight: 4,
  hostCalls: 256,
  hostCallsInFlight: 32,
  journalKeep: 100,
  journalBodyBytes: 256 * KIB,
  journalBytes: 32 * MIB,
  proxyBodyBytes: 1024 * MIB,
  responders: 20,
  scripts: 20,
  secrets: 20,
  sourceBytes: 256 * KIB,
  requestBodyBytes: 10 * MIB,
  requestBodyMs: 10_000,
  defaultBodyBytes: MIB,
  answerBodyBytes: 10 * MIB,
  answerHeadBytes: 64 * KIB,
  logBytes: 64 * KIB,
  logLines: 1_000,
  timers: 100,
  stateKeyBytes: 256,
  stateValueBytes: MIB,
  stateEntries: 100_000,
  stateBytes: 1024 * MIB,
  stateTtlSeconds: 30 * 24 * 60 * 60,
  stateOperations: 200,
};

const standard: TierLimits = {
  ...basic,
  cpuMs: 1_000,
  runsPerResponder: 20,
  runsPerAccount: 50,
  cpuMsPer10s: 4_000,
  fetches: 25,
  fetchesInFlight: 6,
  journalKeep: 1_000,
  journalBodyBytes: MIB,
  journalBytes: 128 * MIB,
  responders: 100,
  scripts: 100,
  secrets: 100,
};

const professional: TierLimits = {
  ...standard,
  heapMb: 32,
  cpuMs: 5_000,
  runsPerResponder: 100,
  runsPerAccount: 200,
  cpuMsPer10s: 8_000,
  fetches: 50,
  hostCalls: 1_000,
  hostCallsInFlight: 64,
  journalKeep: 5_000,
  journalBytes: 512 * MIB,
  responders: 1_000,
  scripts: 500,
  secrets: 500,
};

/** 64 MB of heap is left out for now (docs/adr): ultimate has 32. */
const ultimate: TierLimits = {
  ...professional,
  cpuMs: 10_000,
  wallMs: 60_000,
  runsPerResponder: 1_000,
  runsPerAccount: 2_000,
  cpuMsPer10s: null,
  fetches: 100,
  hostCalls: 4_000,
  hostCallsInFlight: 256,
  journalKeep: 10_000,
  journalBodyBytes: 10 * MIB,
  journalBytes: 1024 * MIB,
  responders: 10_000,
  scripts: 2_000,
  secrets: 2_000,
};

export const TIER_LIMITS: Readonly<Record<Tier, TierLimits>> = { basic, standard, professional, ultimate };

/** A tier's limits with one account's overrides laid over them. */
export const limitsOf = (tier: Tier, overrides: Partial<TierLimits>): TierLimits => ({
  ...TIER_LIMITS[tier],
  ...overrides,
});
