import { EXPORT_NAMES, IMPORT_NAMES } from "./names.ts";
import type { RewriteRules } from "./rewrite.ts";

/** How the package's wasm becomes the product's engine. */
export const ENGINE_RULES: RewriteRules = {
  names: IMPORT_NAMES,
  exports: EXPORT_NAMES,
  // 6 MiB: static data, the engine's 5 MiB of C stack, and a first piece of heap. 37.5 MiB, the larger heap class; the
  // host gives each memory the maximum of its own class.
  memory: { initial: 96, maximum: 600 },
  stackPointer: 0,
  // Below the static data, which begins at 1,024, so that address 0 can stay invalid.
  signalAddress: 8,
  terminatedAddress: 12,
  // The word of `sbrk`, and its one store; the probe finds the word once more.
  heapBreak: { address: 96_576, stores: 1 },
  // JS_INTERRUPT_COUNTER_INIT and INTERRUPT_COUNTER_INIT: the interpreter's counter, and the regular expressions' two.
  pollEvery: { from: 10_000, to: 1_000, stores: 3 },
  metered: true,
};
