import type { EngineAnchors, Value } from "./engine.ts";
import type { GuestTools } from "./guest-tools.ts";

/** Whole blocks of a linear memory, by address: `bytes` holds one after the other. */
export interface BlockSet {
  readonly addresses: Uint32Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What every image has of its own: how far its heap goes, and where in it the host finds what it calls. */
export interface PreludeAnchors extends EngineAnchors {
  readonly tools: GuestTools;
  readonly start: Value;
  readonly settle: Value;
}

/**
 * An instance's memory after a prelude and before any code of a user's, without the C stack, which is empty then.
 * Shared by all accounts, since nothing of any is in it, and by both heap classes, which differ only in their ceiling.
 */
export interface BaseImage {
  readonly statics: Uint8Array<ArrayBuffer>;
  /** From `HEAP_FROM`, in whole blocks. */
  readonly heap: Uint8Array<ArrayBuffer>;
  readonly heapTop: number;
  readonly anchors: PreludeAnchors;
}

/** What a compiled script adds to its prelude's image. It belongs to one account. */
export interface ScriptImage {
  readonly blocks: BlockSet;
  readonly heapTop: number;
  /** An expression's function, not yet called; a module is registered in the engine by its file's name. */
  readonly main: Value | undefined;
}

/** What a run begins from. */
export interface RunImage {
  readonly base: BaseImage;
  readonly script: ScriptImage | undefined;
}

export const heapTopOf = ({ base, script }: RunImage): number => script?.heapTop ?? base.heapTop;

export const sameImage = (one: RunImage, other: RunImage): boolean =>
  one.base === other.base && one.script === other.script;

export const blockSetBytes = ({ addresses, bytes }: BlockSet): number => addresses.byteLength + bytes.length;

export const imageBytes = ({ statics, heap }: BaseImage): number => statics.length + heap.length;
