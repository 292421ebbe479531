import { AT_ROOT, NO_PATTERN, type PatternMatcher } from "../../lib/aho-corasick.ts";
import type { Escaping } from "./escaping.ts";
import { createStarts } from "./starts.ts";

/** A pattern stands from `start` to before `end` in the input. */
export type Report = (start: number, end: number, pattern: number) => void;

/**
 * The input with one way of escaping undone, searched as it comes. It sleeps where it would see what the plain search
 * sees: from an escape on it is awake, until no secret can hold that escape any more.
 */
export interface View {
  readonly isAwake: () => boolean;
  /** `plain` is the plain search's state before this byte. Its cost is linear: what is taken over was paid for by as many bytes since the last escape. */
  readonly push: (byte: number, at: number, plain: number) => void;
  /** To be asked behind each byte, with the plain search's state after it. */
  readonly maySleep: (plain: number) => void;
  readonly end: () => void;
  /** Where what may still become a secret begins, given where the input ends so far. */
  readonly heldFrom: (at: number) => number;
}

export const createView = (matcher: PatternMatcher, { createDecoder }: Escaping, report: Report): View => {
  const starts = createStarts(matcher.longest);
  let awake = false;
  let state = AT_ROOT;
  /** Bytes that came since it woke, and where that was: before, each byte stood for itself. */
  let count = 0;
  let wokeAt = 0;
  /** Bytes since the last escape, each of which stands for itself. */
  let literals = 0;

  /** Where the byte begins that is the last but `back - 1`. */
  const startOf = (back: number): number =>
    count >= back ? starts.of(count - back) : wokeAt - (back - count);

  const put = (byte: number, start: number, end: number): void => {
    starts.put(count, start);
    count += 1;
    state = matcher.step(state, byte);
    const pattern = matcher.found(state);
    if (pattern !== NO_PATTERN) report(startOf(matcher.lengthOf(pattern)), end, pattern);
  };

  const decoder = createDecoder({
    literal: (byte, at) => {
      literals += 1;
      put(byte, at, at + 1);
    },
    decoded: (byte, start, end) => {
      literals = 0;
      put(byte, start, end);
    },
  });

  return {
    isAwake: () => awake,
    push: (byte, at, plain) => {
      if (!awake) {
        awake = true;
        state = plain;
        count = 0;
        wokeAt = at;
      }
      decoder.push(byte, at);
    },
    maySleep: (plain) => {
      if (state === plain && literals >= matcher.depth(state) && decoder.openFrom() === undefined)
        awake = false;
    },
    end: decoder.end,
    heldFrom: (at) => {
      if (!awake) return at;
      const depth = matcher.depth(state);
      return depth > 0 ? startOf(depth) : (decoder.openFrom() ?? at);
    },
  };
};
