import { AT_ROOT, createPatternMatcher, NO_PATTERN, type PatternMatcher } from "../../lib/aho-corasick.ts";
import type { Escaping } from "./escaping.ts";
import { createView, type Report, type View } from "./view.ts";

/** What is looked for, and the escapings in which it may stand besides. */
export interface SearchPlan {
  readonly matcher: PatternMatcher;
  readonly escapings: readonly Escaping[];
  /** Of each byte, a bit for each of the escapings that begins with it. */
  readonly begins: Uint8Array;
}

export const planSearch = (patterns: readonly Uint8Array[], escapings: readonly Escaping[]): SearchPlan => {
  const begins = new Uint8Array(256);
  for (const [index, escaping] of escapings.entries()) {
    for (const byte of escaping.begins) begins[byte] = (begins[byte] ?? 0) | (1 << index);
  }
  const stops = escapings.flatMap((escaping) => escaping.begins);
  return { matcher: createPatternMatcher(patterns, stops), escapings, begins };
};

/** A search through one input, which comes in chunks that are cut anywhere. */
export interface Search {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => void;
  /** What stands before this place is decided: nothing that is yet to be found begins there. */
  readonly settled: () => number;
}

/** Reports all that it finds but what lies within a longer one with the same end. Its cost is linear in the input. */
export const createSearch = ({ matcher, escapings, begins }: SearchPlan, report: Report): Search => {
  /** Most inputs hold no escape: a view is made at the first one. */
  const views: (View | undefined)[] = escapings.map(() => undefined);
  let state = AT_ROOT;
  let at = 0;
  let isAnyAwake = false;

  const pushToViews = (byte: number, beginning: number): void => {
    let index = 0;
    for (const escaping of escapings) {
      const begun = ((beginning >> index) & 1) === 1;
      if (begun) views[index] ??= createView(matcher, escaping, report);
      const view = views[index];
      if (view !== undefined && (begun || view.isAwake())) view.push(byte, at, state);
      index += 1;
    }
  };

  const letViewsSleep = (): void => {
    isAnyAwake = false;
    for (const view of views) {
      if (view === undefined || !view.isAwake()) continue;
      view.maySleep(state);
      isAnyAwake ||= view.isAwake();
    }
  };

  return {
    push: (chunk) => {
      const start = at;
      for (let index = 0; index < chunk.length; index += 1) {
        if (state === AT_ROOT && !isAnyAwake) index = matcher.skip(chunk, index);
        const byte = chunk[index] ?? 0;
        const beginning = begins[byte] ?? 0;
        const isSeenByViews = isAnyAwake || beginning !== 0;
        at = start + index;
        if (isSeenByViews) pushToViews(byte, beginning);
        state = matcher.step(state, byte);
        const pattern = matcher.found(state);
        if (pattern !== NO_PATTERN) report(at + 1 - matcher.lengthOf(pattern), at + 1, pattern);
        if (isSeenByViews) letViewsSleep();
      }
      at = start + chunk.length;
    },
    end: () => {
      for (const view of views) if (view?.isAwake() === true) view.end();
    },
    settled: () =>
      views.reduce(
        (earliest, view) => Math.min(earliest, view?.heldFrom(at) ?? at),
        at - matcher.depth(state),
      ),
  };
};
