import { createMemory, viewOf } from "./engine-memory.ts";
import type { EngineHooks } from "./engine-imports.ts";
import { createEngine, type Engine } from "./engine.ts";
import { STACK_TOP, STACK_USED_BYTES, wholeBlocks } from "./engine-layout.ts";
import { blockSetBytes, heapTopOf, type BlockSet, type RunImage } from "./image.ts";
import type { HeapClass } from "./limits.ts";
import { createMirror, blockAt } from "./mirror.ts";
import { EngineFault } from "./stop-run.ts";

/** `short` trusts what the same account's last run has left; `full` trusts nothing. */
export type OnRestored = (memory: Uint8Array, how: "short" | "full") => void;

/** Code that the memory can belong to: a run, or the making of an image. */
export interface Tenant {
  /** Opaque; only equality counts. */
  readonly account: string;
  /** What it leaves behind is not even its own account's to find. */
  readonly confidential: boolean;
  readonly image: RunImage;
  readonly hooks: Omit<EngineHooks, "resize">;
  /** Takes room for so many bytes of kept blocks, instead of what it had before; `false` when there is too little. */
  readonly keep: (bytes: number) => boolean;
  /** Told what it finds when it first enters: the whole memory. */
  readonly onRestored: OnRestored;
  /** The state of one that is not in the memory: as it was when it left, or as it is to begin. */
  fuel: number;
  heapTop: number;
  kept: BlockSet | undefined;
  /** Growth of the memory was refused: by its ceiling, or for lack of room. */
  refused: "ceiling" | "no-room" | undefined;
  /** There was no room for its blocks: it cannot go on. */
  lost: boolean;
}

export interface MachineFigures {
  readonly restores: { readonly short: number; readonly full: number };
  readonly swaps: number;
}

/**
 * One instance of a heap class. Its memory belongs to one tenant at a time; who comes next finds its own image, whatever
 * was there before. Nothing of it is entered but through `enter`, so no pointer of one tenant is used in another's memory.
 */
export interface Machine {
  readonly engine: Engine;
  readonly memory: WebAssembly.Memory;
  /** Of the memory and its mirror. */
  readonly byteLength: () => number;
  readonly hasGrown: () => boolean;
  /** Makes the memory this tenant's. Another's that is not over is swapped out. */
  readonly enter: (tenant: Tenant) => void;
  /** The tenant is over. `returned`: of its own accord, so that its account's next may trust what the memory says. */
  readonly leave: (tenant: Tenant, returned: boolean) => void;
  readonly holds: (tenant: Tenant) => boolean;
  /** The next restore is a full one, whoever comes. */
  readonly distrust: () => void;
  /** Blocks of the memory that differ from the occupant's image. */
  readonly difference: () => BlockSet;
  readonly figures: () => MachineFigures;
}

export interface MachineDeps {
  readonly module: WebAssembly.Module;
  readonly heapMb: HeapClass;
  /** Whether the isolate has room for so many bytes more of memory. */
  readonly hasRoom: (bytes: number) => boolean;
}

const fault = (what: string) => (): never => {
  throw new EngineFault(what);
};
/** While the memory is nobody's. */
const NOBODY: Omit<EngineHooks, "resize"> = {
  now: () => 0,
  sinceStart: () => 0,
  call: fault("a host call outside of a run"),
  mustStop: () => false,
};

export const createMachine = (deps: MachineDeps): Machine => {
  const memory = createMemory(deps.heapMb, deps.hasRoom);
  const mirror = createMirror();
  let occupant: Tenant | undefined;
  let hooks = NOBODY;
  /** Of the last that was in the memory; `undefined` trusts nothing. */
  let trusted: string | undefined;
  const figures = { restores: { short: 0, full: 0 }, swaps: 0 };

  const grow = (bytes: number): boolean => {
    const growth = memory.grow(bytes);
    if (growth !== "grown" && occupant !== undefined) occupant.refused ??= growth;
    return growth === "grown";
  };
  const engine = createEngine(deps.module, memory.memory, mirror.memory, {
    now: () => hooks.now(),
    sinceStart: () => hooks.sinceStart(),
    call: (count, at) => hooks.call(count, at),
    mustStop: () => hooks.mustStop(),
    resize: grow,
  });

  const view = viewOf(memory.memory);

  const swapOut = (tenant: Tenant): void => {
    if (tenant.confidential) trusted = undefined;
    tenant.fuel = engine.fuel();
    tenant.heapTop = engine.heapTop();
    figures.swaps += 1;
    const kept = mirror.difference(engine, view(), tenant.heapTop);
    // The C stack is not kept: one that was left in the middle of a call could not go on.
    if (engine.stackIsEmpty() && tenant.keep(blockSetBytes(kept))) tenant.kept = kept;
    else tenant.lost = true;
  };

  const restore = (tenant: Tenant): void => {
    const how = trusted === tenant.account ? "short" : "full";
    const needed = wholeBlocks(Math.max(heapTopOf(tenant.image), tenant.heapTop));
    if (memory.grow(needed) !== "grown") {
      tenant.lost = true;
      return;
    }
    mirror.show(tenant.image);
    mirror.layBack(view(), how === "full", engine.heapTop());
    engine.emptyStack();
    figures.restores[how] += 1;
    if (tenant.kept === undefined) tenant.onRestored(view(), how);
  };

  const putBack = ({ kept, heapTop }: Tenant): void => {
    engine.setHeapTop(heapTop);
    if (kept === undefined) return;
    const target = view();
    for (const [index, address] of kept.addresses.entries()) target.set(blockAt(kept, index), address);
  };

  return {
    engine,
    memory: memory.memory,
    byteLength: () => memory.byteLength() + mirror.memory.buffer.byteLength,
    hasGrown: memory.hasGrown,
    enter: (tenant) => {
      if (occupant === tenant) return;
      if (occupant !== undefined) swapOut(occupant);
      occupant = undefined;
      hooks = NOBODY;
      if (tenant.lost) return;
      restore(tenant);
      if (tenant.lost) return;
      putBack(tenant);
      if (tenant.kept !== undefined) tenant.keep(0);
      tenant.kept = undefined;
      engine.setFuel(tenant.fuel);
      occupant = tenant;
      trusted = tenant.account;
      hooks = tenant.hooks;
    },
    leave: (tenant, returned) => {
      tenant.kept = undefined;
      if (occupant !== tenant) return;
      tenant.fuel = engine.fuel();
      tenant.heapTop = engine.heapTop();
      occupant = undefined;
      hooks = NOBODY;
      if (!returned || tenant.confidential) trusted = undefined;
    },
    holds: (tenant) => occupant === tenant,
    distrust: () => {
      trusted = undefined;
    },
    difference: () => {
      // What set-up has left on the C stack is of no use to anybody.
      view().fill(0, STACK_TOP - STACK_USED_BYTES, STACK_TOP);
      return mirror.difference(engine, view(), engine.heapTop());
    },
    figures: () => figures,
  };
};
