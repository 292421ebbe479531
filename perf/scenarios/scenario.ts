import type { TierLimits } from "../../src/accounts/index.ts";
import type { HeaderPairs } from "../../src/lib/headers.ts";

/** A request as every contender is given it. */
export interface PerfHit {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** What became of a run, whoever ran it. */
export interface Ran {
  /** `returned`, `threw`, `exceeded cpu`, … */
  readonly ending: string;
  readonly status: number;
  readonly body: Uint8Array;
}

/** Work that is measured. It names no host: the same text runs in Node, in workerd and on the peers. */
export interface Scenario {
  readonly name: string;
  /** For people, in one line. */
  readonly about: string;
  /** The user's script, in module form. */
  readonly source: string;
  /** What it imports, by name. */
  readonly library: Readonly<Record<string, string>>;
  /** Request number `at`. All of one scenario have the same length, so that fuel does not depend on the number. */
  readonly hit: (at: number) => PerfHit;
  /** Whether the run did its work; what is fast and wrong counts for nothing. */
  readonly isRight: (ran: Ran, at: number) => boolean;
  readonly runsAtOnce: number;
  /** Runs take turns among so many accounts. */
  readonly accounts: number;
  readonly limits: Partial<TierLimits>;
  /** What the script sleeps for, on real timers; `null`: its timers end on the next turn of the event loop. */
  readonly sleepMs: number | null;
  /** Each run in a process of its own that has run nothing before. */
  readonly cold: boolean;
  /** Whether the peers do it too. */
  readonly peers: boolean;
}

type Given = Pick<Scenario, "name" | "about" | "source" | "hit" | "isRight">;

/** One run after the other, of one account, without peers, unless it says otherwise. */
export const scenario = (given: Given & Partial<Scenario>): Scenario => ({
  library: {},
  runsAtOnce: 1,
  accounts: 1,
  limits: {},
  sleepMs: null,
  cold: false,
  peers: false,
  ...given,
});
