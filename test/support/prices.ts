import { type Capability, FUEL_PER_MS, type RunRequest } from "../../src/runtime/index.ts";
import { requestOf, type Sandbox } from "./sandbox.ts";

/** One host call, as often as it takes to be measured. */
export interface PriceCase {
  /** Begins with the op. */
  readonly name: string;
  /** Guest code, once. There is `at(n)`, a u32 as an argument, and `given(n)`, the n-th of `bodies` as an ArrayBuffer. */
  readonly setup?: string;
  /** Guest code, over and over. `soft(f)` is `f()`, whatever it throws. */
  readonly call: string;
  /** The call ends its run: it is made once in each of many. */
  readonly ends?: boolean;
  readonly bodies?: readonly Uint8Array<ArrayBuffer>[];
}

export interface Measured {
  readonly calls: number;
  /** Of one call: what it took, and what was paid for it, as the reference machine's time. */
  readonly tookUs: number;
  readonly paidUs: number;
  /** Took by paid, where 1 is what an empty loop of the guest's takes and pays for in the same moment. */
  readonly ratio: number;
}

/**
 * How many times dearer than its price a call may look. Prices hold with a ratio of about 1; of the engine's own work
 * some kinds take twice as long as others for the same fuel, and a machine that is busy is uneven.
 */
export const FACTOR = 3;
const TRIES = 4;

/** Below it, a clock of whole milliseconds says little. */
const BATCH_MS = 50;
const LIMITS = {
  heapMb: 32,
  cpuMs: 600_000,
  wallMs: 600_000,
  hostCalls: 1e9,
  hostCallsInFlight: 1e6,
  timers: 1e9,
} as const;

const EMPTY_LOOP = "export default ({ n }) => { for (let i = 0; i < n; i++); return 0 }";
const LOOP_TURNS = 1_500_000;

const codeOf = ({ setup = "", call }: PriceCase): string => `export default async ({ n }) => {
  const at = (value) => new Uint32Array([value]).buffer;
  const given = (place) => host("body", at(place));
  const soft = (f) => { try { return f() } catch {} };
  ${setup};
  for (let i = 0; i < n; i++) { ${call} }
  return 0;
}`;

interface Batch {
  readonly ms: number;
  readonly fuel: number;
}

/** Measures host calls beside an empty loop, in the same run of the same isolate: a busy machine slows down both. */
export const priceMeter = (sandbox: Sandbox, grants: () => readonly Capability[]) => {
  const run = async (code: string, n: number, bodies: RunRequest["bodies"]): Promise<number> => {
    const share = { account: "prices", unit: "u", runsPerAccount: 9, runsPerUnit: 9, cpuMsPer10s: null };
    const request = requestOf(code, { limits: LIMITS, grants: grants(), bodies, share });
    const outcome = await sandbox.runtime.run({ ...request, input: { n } }).end;
    if (outcome.kind === "exceeded" || outcome.kind === "unavailable" || outcome.fuel === 0)
      throw new Error(`a batch ended as ${JSON.stringify(outcome)}`);
    return outcome.fuel;
  };
  const batch = async (
    code: string,
    n: number,
    { bodies = [], ends = false }: Pick<PriceCase, "bodies" | "ends">,
  ): Promise<Batch> => {
    const begun = Date.now();
    let fuel = 0;
    for (let runs = ends ? n : 1; runs > 0; runs -= 1) fuel += await run(code, ends ? 1 : n, bodies);
    return { ms: Date.now() - begun, fuel };
  };
  const loop = (): Promise<Batch> => batch(EMPTY_LOOP, LOOP_TURNS, {});

  /** As many calls as last long enough; the engine and the host have then warmed up to them. */
  const longEnough = async (code: string, one: PriceCase) => {
    for (let n = 1; ;) {
      const { ms, fuel } = await batch(code, n, one);
      if (ms >= BATCH_MS) return { n, ms, fuel };
      n = Math.ceil(n * Math.min(30, Math.max(2, (1.3 * BATCH_MS) / Math.max(ms, 1))));
    }
  };

  let last: Batch | undefined;
  const once = async (one: PriceCase): Promise<Measured> => {
    const code = codeOf(one);
    // The loop behind one case is the one ahead of the next.
    const before = last ?? (await loop());
    const { n, ms, fuel } = await longEnough(code, one);
    const after = await loop();
    last = after;
    const loopMs = (before.ms + after.ms) / (before.fuel + after.fuel);
    return {
      calls: n,
      tookUs: (1_000 * ms) / n,
      paidUs: (1_000 * fuel) / FUEL_PER_MS / n,
      ratio: ms / fuel / loopMs,
    };
  };

  /** The best of some tries: what else the machine does can only make one look dearer than it is. */
  return async (one: PriceCase): Promise<Measured> => {
    let best = await once(one);
    for (let tries = 1; tries < TRIES && best.ratio >= FACTOR; tries += 1) {
      const next = await once(one);
      if (next.ratio < best.ratio) best = next;
    }
    return best;
  };
};

/** A frame of the host door, its parts listed as `crypto.subtle` has them. */
export const frameOf = (head: object, parts: readonly Uint8Array[] = []): Uint8Array<ArrayBuffer> => {
  const json = new TextEncoder().encode(
    JSON.stringify({ ...head, parts: parts.map(({ length }) => length) }),
  );
  const whole = new Uint8Array(4 + json.length + parts.reduce((sum, { length }) => sum + length, 0));
  new DataView(whole.buffer).setUint32(0, json.length, true);
  whole.set(json, 4);
  let at = 4 + json.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
