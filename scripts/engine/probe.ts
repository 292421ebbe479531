import { bareContext, bareEngine } from "./instance.ts";

/** Where things lie in the engine's linear memory, in bytes. */
export interface EngineLayout {
  /** Below it: the end of the static data, in whole pages of 4 KiB. Nothing lies between it and the C stack. */
  readonly STATIC_END: number;
  /** The C stack grows down from here. */
  readonly STACK_TOP: number;
  /** The heap's break before anything is allocated. */
  readonly HEAP_START: number;
  /** The word in which `sbrk` keeps the heap's break. */
  readonly BREAK_AT: number;
}

const STATIC_STEP = 4_096;
/** More of the C stack than anything uses that the engine's own limit of 128 KiB stops. */
const STACK_MARGIN = 1_048_576;
const FUEL = 10_000_000_000n;
const PATTERN = 0xa5;

/** Work of every kind that keeps state in C's static data: tables made on demand, the allocator, time, numbers as text. */
const WORK = `{
const deep = (n) => { try { return deep(n + 1); } catch { return n; } };
const parts = [deep(0), new Date(86400000).toString(), (1 / 3).toFixed(7), 2n ** 400n, Math.random(), Math.sin(2),
  "Straße".normalize("NFD").toUpperCase(), /(?<year>\\d{4})-\\p{L}+/u.exec("2026-May").groups.year,
  JSON.stringify({ list: [3, 1, 2].toSorted() }), parseFloat("1.7976931348623157e308"), (255).toString(36),
  new Map([[Symbol.iterator, new WeakRef({})]]), encodeURIComponent("ä"), [..."abc"].map((letter) => letter.codePointAt(0))];
Promise.resolve().then(() => { globalThis.later = new Uint8Array(1000).fill(7); });
try { null.x; } catch (error) { error.stack; }
}`;
const ALLOCATE = "globalThis.kept = Array.from({ length: 40 }, (_, i) => new Uint8Array(100000 + i)); 0";

/** Finds the layout by watching an instance at work. */
export const probeLayout = (module: WebAssembly.Module): EngineLayout => {
  const probe = bareEngine(module);
  const STACK_TOP = probe.number("stack_pointer");
  const untouched = new Uint32Array(probe.memory.buffer.slice(0, STACK_TOP));
  const { evaluate } = bareContext(probe, FUEL);
  evaluate(WORK);
  const before = probe.number("heap_top");
  const early = new Uint32Array(probe.memory.buffer.slice(0, STACK_TOP));
  evaluate(ALLOCATE);
  const after = probe.number("heap_top");
  const breaks = [...early.keys()].filter((at) => early[at] === before && probe.word(4 * at) === after);
  const [place] = breaks;
  if (place === undefined || breaks.length > 1 || before === after)
    throw new Error(`the heap's break was found in ${breaks.length} words`);
  const below = new Uint8Array(probe.memory.buffer, 0, STACK_TOP - STACK_MARGIN);
  const last = below.findLastIndex((byte) => byte !== 0);
  return {
    STATIC_END: Math.ceil((last + 1) / STATIC_STEP) * STATIC_STEP,
    STACK_TOP,
    HEAP_START: untouched[place] ?? 0,
    BREAK_AT: 4 * place,
  };
};

/** Throws unless a fresh instance keeps to the layout. What it must not use is filled with a pattern, and stays so. */
export const assertLayout = (module: WebAssembly.Module, layout: EngineLayout): void => {
  const { STATIC_END, STACK_TOP, HEAP_START, BREAK_AT } = layout;
  const probe = bareEngine(module);
  const assert = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`the engine's layout is not as it was found: ${what}`);
  };
  assert(probe.number("stack_pointer") === STACK_TOP, "the C stack begins elsewhere");
  assert(probe.word(BREAK_AT) === HEAP_START, "the heap begins elsewhere");
  assert(STATIC_END < STACK_TOP - STACK_MARGIN && STACK_TOP <= HEAP_START, "the regions overlap");
  const unused = () => new Uint8Array(probe.memory.buffer, STATIC_END, STACK_TOP - STACK_MARGIN - STATIC_END);
  unused().fill(PATTERN);
  const { evaluate } = bareContext(probe, FUEL);
  for (const source of [WORK, ALLOCATE, WORK]) {
    evaluate(source);
    assert(probe.word(BREAK_AT) === probe.number("heap_top"), "heap_top is not the break");
    assert(probe.number("stack_pointer") === STACK_TOP, "the C stack is not empty");
  }
  assert(probe.call("malloc", 100) > HEAP_START, "the allocator gives what is not heap");
  assert(
    unused().every((byte) => byte === PATTERN),
    "something lies between static data and stack",
  );
};
