/** What belongs to one request: Hono's `env`, which is made anew for each. */
export interface Visit {
  readonly requestId: string;
  /** Goes on when the answer is out, or the caller gone. */
  readonly defer: (work: Promise<unknown>) => void;
  /** For the log; filled in as they become known. */
  readonly facts: Facts;
}

export interface Facts {
  route: string | null;
  accountId: string | null;
  keyId: string | null;
  problem: string | null;
  replayed: boolean;
  requestBytes: number | null;
}

// A type, not an interface: Hono's Env wants an index signature.
export type ApiEnv = { Bindings: Visit };
