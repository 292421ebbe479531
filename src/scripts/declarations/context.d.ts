/** The second argument of a module's handler: what it is told of a hit, and what it may do besides answering. */
interface Context {
  /** What the responder's path captured: `/users/:id` gives `params.id`; the rest of a final `*` is `params["*"]`. Decoded once. */
  readonly params: Readonly<Record<string, string>>;
  /** The path below the handle, as it came: with its leading slash, still percent-encoded, without the query. */
  readonly path: string;
  readonly client: Client;
  readonly responder: ResponderIdentity;
  /** This exchange's id, `exc_…`, which the sender also gets as `x-request-id`. */
  readonly requestId: string;
  /** An object of your own for this run, empty at its beginning. Nothing of a run is left for the next: for that there is `kv`. */
  readonly locals: Locals;
  /** The responder's state, from hit to hit. Not there for a responder with `kv: false`. */
  readonly kv: Kv;
  /** The secrets that the responder was granted, by name. */
  readonly secrets: Secrets;
  /** Aborts when 90 % of the run's wall-clock time is over. */
  readonly signal: AbortSignal;
  /** In a replay, what is replayed; else `undefined`. */
  readonly replay: Replay | undefined;
  /** Milliseconds until the run's wall-clock limit, 0 at the least. */
  timeLeft(): number;
  /**
   * The answer goes out at once, and the run goes on until the promise settles, within the same limits. How it ended is
   * told in the exchange; a failure changes nothing for the sender, who has been answered.
   */
  waitUntil(promise: unknown): void;
  /**
   * Whether the journal keeps this exchange, and its bodies. The last word on each counts. What fails is kept all the same.
   *
   * @throws TypeError for an option that there is not, or one that is not true or false.
   */
  journal(wish: JournalWish): void;
}

/** The second argument of `onResponse`: the same object that `onRequest` had, and more. */
interface ResponseContext extends Context {
  /** As the sender sent it. */
  readonly request: Request;
  /** As it left: with the upstream's URL and headers. Of a body that another server sent, nothing is left. */
  readonly forwarded: Request;
}

interface JournalWish {
  readonly keep?: boolean | undefined;
  readonly bodies?: boolean | undefined;
}

/** Who sent a hit, as far as it is known. */
interface Client {
  readonly ip: string | null;
  /** Two letters, ISO 3166-1. */
  readonly country?: string;
  /** The number of the sender's network. */
  readonly asn?: number;
  /** As `TLSv1.3`; absent without TLS. */
  readonly tlsVersion?: string;
}

interface ResponderIdentity {
  /** `rsp_…` */
  readonly id: string;
  readonly name: string;
}

interface Replay {
  /** The id of the exchange that is replayed. */
  readonly of: string;
  /** When it arrived, in milliseconds since the epoch. */
  readonly at: number;
}

/** `ctx.locals`. Declare members of your own by an `interface Locals` in a file of yours. */
interface Locals {
  [name: string]: unknown;
}
