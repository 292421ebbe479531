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

/** An op's refusal that the guest sees, as an error of this `name` (`TypeError`, `OperationError`, …). */
export class OpError extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
