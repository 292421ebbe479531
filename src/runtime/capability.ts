/**
 * A power granted to one run. An op that is not granted does not exist in the guest.
 * Ops never take an identity: whatever they act on was closed over when the capability was made.
 * Arguments are hostile bytes (text as UTF-8); results are copied into the guest: bytes as an ArrayBuffer, text as any
 * string (NUL and lone surrogates included), `null` as `undefined`.
 */
export interface Capability {
  readonly name: string;
  readonly sync?: Readonly<Record<string, SyncOp>>;
  readonly async?: Readonly<Record<string, AsyncOp>>;
  /** Called once, as the run begins. */
  readonly attach?: (loan: RunLoan) => void;
  /** Hands over a body that stays on the host: whoever takes it reads or cancels it, be the run over or not. */
  readonly takeBody?: (id: number) => ReadableStream<Uint8Array> | undefined;
}

/** What a run lends to its capabilities for as long as it lasts. */
export interface RunLoan {
  /** Takes room for so many bytes that the host holds, or gives it back (below 0); `false` when there is none. */
  readonly capture: (bytes: number) => boolean;
  /**
   * Fuel for work whose size nobody knew before: it is taken when the guest goes on. `false`: that is more than the run ever
   * had, so that the work is best given up.
   */
  readonly owe: (units: number) => boolean;
  /** The run's wall clock stands still until what this gives is called: what it waits for meanwhile is not its doing. */
  readonly stopClock: () => () => void;
  /** Whether there is an answer already: what the run does now is for itself alone. */
  readonly hasAnswered: () => boolean;
  /** Has this done when the run is over. */
  readonly whenOver: (end: () => void) => void;
}

/** Pure or append-only, bounded. A throw of `OpError` becomes an error that the guest can catch. */
export interface SyncOp {
  /** Fuel, taken before the op runs. */
  readonly price: (argument: Uint8Array<ArrayBuffer>) => number;
  readonly call: (argument: Uint8Array<ArrayBuffer>) => Uint8Array | string | null;
}

export interface AsyncOp {
  readonly price: (argument: Uint8Array<ArrayBuffer>) => number;
  /** `signal` aborts when the run ends, or the guest cancels the call. */
  readonly call: (
    argument: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ) => Promise<Uint8Array | string | null>;
}

/** Why a request has no whole answer, where another server is to blame. */
export type UpstreamFault = "connect" | "timeout" | "broken" | "too-large";

/** An op's refusal that the guest sees, as an error of this `name` (`TypeError`, `OperationError`, …). */
export class OpError extends Error {
  override readonly name: string;
  /** How a run ends that this very error ends. */
  readonly upstream: UpstreamFault | undefined;
  constructor(name: string, message: string, upstream?: UpstreamFault) {
    super(message);
    this.name = name;
    this.upstream = upstream;
  }
}
