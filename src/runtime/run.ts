import type { Capability } from "./capability.ts";
import type { Limits, Share } from "./limits.ts";
import type { Outcome } from "./outcome.ts";

/** Guest code that is evaluated before the user's: the Web APIs and the driver of one contract. */
export interface Prelude {
  readonly name: string;
  /** A script whose completion value is `{ start(input, main?), settle(id, ok, bytes) }`. */
  readonly source: string;
  /** Scripts that are evaluated before it, in order: what the engine needs to parse one is room for the next. */
  readonly ahead?: readonly string[];
}

/** The user's code. `module` is imported as `script`; `expression` is the body of an async function; `none` only runs the prelude. */
export interface Program {
  readonly form: "module" | "expression" | "none";
  readonly code: string;
}

export interface RunRequest {
  readonly prelude: Prelude;
  readonly program: Program;
  /** Handed to the prelude's `start`: a text as it is, anything else as JSON. */
  readonly input: unknown;
  /** Bytes that stay on the host until the guest asks for them, by place. */
  readonly bodies: readonly Uint8Array<ArrayBuffer>[];
  readonly grants: readonly Capability[];
  readonly limits: Limits;
  readonly share: Share;
  /** 16 bytes for `Math.random`; fixed where a run must repeat exactly. */
  readonly seed: Uint8Array;
  /** For how long its wall clock may stand still besides, in ms: its place is kept for it meanwhile. None unless given. */
  readonly pauseMs?: number;
  /** Its input holds what nobody may find after it: whoever has the memory next gets it restored in full. */
  readonly confidential?: boolean;
}

/** `answer` settles as soon as there is one; `end` when the run is over (`waitUntil` included). Neither rejects. */
export interface Run {
  readonly answer: Promise<Outcome>;
  readonly end: Promise<Outcome>;
}
