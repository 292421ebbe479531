import type { EngineAnchors, Value } from "./engine.ts";
import type { GuestTools } from "./guest-tools.ts";
import type { MemoryImage } from "./memory-image.ts";
import type { Prelude } from "./run.ts";

/** What a run needs of an instance in which its prelude has been evaluated. */
export interface PreludeAnchors extends EngineAnchors {
  readonly tools: GuestTools;
  readonly start: Value;
  readonly settle: Value;
}

export type PreludeImage = MemoryImage<PreludeAnchors>;

/**
 * One image for each prelude, taken before any code of a user's: every run begins from the same bytes, and pays for
 * no parsing of the prelude. Shared by all accounts, since nothing of any is in it.
 */
export interface PreludeImages {
  readonly of: (prelude: Prelude) => PreludeImage | undefined;
  readonly keep: (prelude: Prelude, image: PreludeImage) => void;
}

/** The product has four preludes; more are a test's. */
const MAX_IMAGES = 8;

export const createPreludeImages = (): PreludeImages => {
  const images = new Map<string, PreludeImage>();
  return {
    of: ({ source }) => images.get(source),
    keep: ({ source }, image) => {
      if (images.size < MAX_IMAGES) images.set(source, image);
    },
  };
};
