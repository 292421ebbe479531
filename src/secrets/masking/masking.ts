import { createHeldBytes } from "./held-bytes.ts";
import { createRegions } from "./regions.ts";
import { createSearch, type SearchPlan } from "./search.ts";

/** The masking of one input, which comes in chunks that are cut anywhere: the output is the same however they are. */
export interface Masking {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => void;
  readonly hasFound: () => boolean;
}

export interface MaskingPlan extends SearchPlan {
  /** What takes the place of each pattern. */
  readonly marks: readonly Uint8Array[];
}

/**
 * Hands on to `emit` what the input is without what is looked for. It holds back what may be the beginning of that, and
 * no more. Of the input, `most` bytes are masked; what begins before and ends behind is masked whole, and the rest left out.
 */
export const createMasking = (
  plan: MaskingPlan,
  emit: (bytes: Uint8Array) => void,
  most = Number.POSITIVE_INFINITY,
): Masking => {
  const held = createHeldBytes();
  const regions = createRegions();
  let hasFound = false;
  const search = createSearch(plan, (start, end, pattern) => {
    if (start >= most) return;
    hasFound = true;
    regions.add(start, end, pattern);
  });

  const flush = (settled: number): void => {
    for (const { start, end, pattern } of regions.takeBefore(settled)) {
      held.take(start, emit);
      emit(plan.marks[pattern] ?? new Uint8Array());
      held.drop(end);
    }
    const until = Math.min(settled, most);
    held.take(Math.min(until, regions.first()?.start ?? until), emit);
    // What is left before `settled` lies in a region that may still grow, or behind what is masked.
    held.drop(settled);
  };

  return {
    push: (chunk) => {
      held.put(chunk);
      search.push(chunk);
      flush(search.settled());
    },
    end: () => {
      search.end();
      flush(Number.POSITIVE_INFINITY);
    },
    hasFound: () => hasFound,
  };
};
