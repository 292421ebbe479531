import { rewrite, type RewriteRules } from "../../scripts/engine/rewrite.ts";
import { compileModule } from "./node-engine.ts";
import { type HandMade, handMade } from "./wasm-text.ts";

/** For hand-made modules: nothing in them is to be patched. */
export const RULES: RewriteRules = {
  names: new Map([["m", "memory"]]),
  exports: new Map([["f", "run"]]),
  memory: { initial: 1, maximum: 2 },
  stackPointer: 0,
  signalAddress: 8,
  terminatedAddress: 12,
  heapBreak: { address: 48, stores: 0 },
  pollEvery: { from: 10_000, to: 1_000, stores: 0 },
  metered: true,
};

export interface Rewritten {
  readonly memory: WebAssembly.Memory;
  readonly global: (name: string) => WebAssembly.Global;
  /** The result, and how much fuel it took; `left` is what there is to begin with. */
  readonly run: (left: number, ...args: number[]) => { readonly result: unknown; readonly used: number };
  readonly fuel: () => number;
}

/** A hand-made module, rewritten and begun. */
export const startRewritten = async (made: HandMade, rules: RewriteRules = RULES): Promise<Rewritten> => {
  const module = await compileModule(rewrite(handMade(made), rules).module);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  const { exports } = await WebAssembly.instantiate(module, { host: { memory } });
  const run = exports["run"];
  if (typeof run !== "function") throw new Error("run is not exported");
  const global = (name: string): WebAssembly.Global => {
    const value = exports[name];
    if (!(value instanceof WebAssembly.Global)) throw new Error(`${name} is not exported`);
    return value;
  };
  const fuel = global("fuel");
  return {
    memory,
    global,
    run: (left, ...args) => {
      fuel.value = BigInt(left);
      const result: unknown = Reflect.apply(run, undefined, args);
      return { result, used: left - Number(fuel.value) };
    },
    fuel: () => Number(fuel.value),
  };
};
