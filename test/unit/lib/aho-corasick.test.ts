import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import { createPatternMatcher, NO_PATTERN, type PatternMatcher } from "../../../src/lib/aho-corasick.ts";

/** For each place the longest pattern that ends there, by its number. */
const search = (matcher: PatternMatcher, text: Uint8Array): readonly number[] => {
  let state = 0;
  return [...text].map((byte) => {
    state = matcher.step(state, byte);
    return matcher.found(state);
  });
};

const searchNaively = (patterns: readonly string[], text: string): readonly number[] =>
  Array.from(text, (_, at) => {
    const ending = patterns.filter((pattern) => text.slice(0, at + 1).endsWith(pattern));
    const longest = Math.max(0, ...ending.map((pattern) => pattern.length));
    return patterns.findIndex((pattern) => pattern.length === longest && ending.includes(pattern));
  });

const matcherOf = (patterns: readonly string[]): PatternMatcher => createPatternMatcher(patterns.map(utf8));

const nasty = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 2, maxLength: 8 });

describe("a matcher of many patterns", () => {
  it("finds those that overlap, that lie within others and that are equal", () => {
    const patterns = ["he", "she", "his", "hers", "he"];
    expect(search(matcherOf(patterns), utf8("ushers his"))).toEqual(searchNaively(patterns, "ushers his"));
  });

  it("finds what a plain search finds, in any text", () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { minLength: 1, maxLength: 12 }),
        fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 80 }),
        (patterns, text) => {
          expect(search(matcherOf(patterns), utf8(text))).toEqual(searchNaively(patterns, text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("knows at each place how many bytes may be a beginning", () => {
    const matcher = matcherOf(["abcabd"]);
    let state = 0;
    const depths = [...utf8("xabcabcabd")].map((byte) => matcher.depth((state = matcher.step(state, byte))));
    expect(depths).toEqual([0, 1, 2, 3, 4, 5, 3, 4, 5, 6]);
  });

  it("skips to where a pattern may begin and no further, whatever it skips from", () => {
    fc.assert(
      fc.property(
        fc.array(nasty, { minLength: 1 }),
        fc.string({ maxLength: 60 }),
        fc.nat(59),
        (patterns, text, from) => {
          const matcher = matcherOf(patterns);
          const bytes = utf8(text);
          if (from >= bytes.length) return;
          const at = matcher.skip(bytes, from);
          const begins = (place: number): boolean =>
            patterns.some(
              (pattern) =>
                bytes[place] === pattern.charCodeAt(0) && bytes[place + 1] === pattern.charCodeAt(1),
            );
          for (let place = from; place < at; place += 1) expect(begins(place)).toBe(false);
          expect(at === bytes.length - 1 || begins(at)).toBe(true);
        },
      ),
    );
  });

  it("stops at the bytes that it was told to stop at", () => {
    const matcher = createPatternMatcher([utf8("abcd")], [0x25]);
    expect(matcher.skip(utf8("......%.."), 0)).toBe(6);
    expect(matcher.skip(utf8("ab....%.."), 1)).toBe(6);
    expect(matcher.skip(utf8(".....a%.."), 0)).toBe(5);
  });

  it.each([
    ["one letter", ["a".repeat(1_000)], "a".repeat(999) + "b"],
    ["two, one letter apart", ["ab".repeat(500), `${"ab".repeat(500)}a`], "ab".repeat(499) + "ac"],
    ["all lengths", Array.from({ length: 200 }, (_, length) => "a".repeat(length + 2)), "a".repeat(1_000)],
    ["Fibonacci", [fibonacci(14)], fibonacci(14).slice(0, -1) + "x"],
  ])("looks at no more than two edges a byte, with periodic patterns too: %s", (_, patterns, piece) => {
    const matcher = matcherOf(patterns);
    const text = utf8(piece.repeat(20));
    search(matcher, text);
    expect(matcher.transitions()).toBeLessThanOrEqual(2 * text.length);
  });

  it("holds 900,000 nodes, and finds the longest and the last of them", () => {
    const patterns = Array.from(
      { length: 9_000 },
      (_, number) => `${String(number).padStart(8, "0")}${"xy".repeat(46)}`,
    );
    const matcher = matcherOf(patterns);
    expect(matcher.longest).toBe(100);
    const found = search(matcher, utf8(`..${patterns[8_999] ?? ""}..${patterns[0] ?? ""}`));
    expect(found.filter((pattern) => pattern !== NO_PATTERN)).toEqual([8_999, 0]);
  });
});

function fibonacci(order: number): string {
  let [last, word] = ["a", "ab"];
  for (let each = 0; each < order; each += 1) [last, word] = [word, word + last];
  return word;
}
