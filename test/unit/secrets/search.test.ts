import { describe, expect, it } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import { JSON_ESCAPES } from "../../../src/secrets/masking/json-escapes.ts";
import { FORM_ENCODING, PERCENT_ENCODING } from "../../../src/secrets/masking/percent-encoding.ts";
import { createSearch, planSearch } from "../../../src/secrets/masking/search.ts";

const escapings = [PERCENT_ENCODING, FORM_ENCODING, JSON_ESCAPES];
/** The input itself, and each view of it. */
const SEARCHES = 1 + escapings.length;

const search = (secrets: readonly string[], text: string) => {
  const plan = planSearch(secrets.map(utf8), escapings);
  const found: [start: number, end: number][] = [];
  const searching = createSearch(plan, (start, end) => found.push([start, end]));
  searching.push(utf8(text));
  const settled = searching.settled();
  searching.end();
  return { found, settled, transitions: plan.matcher.transitions() };
};

const many = (piece: string, times = 3_000): string => piece.repeat(times);

describe("a search in all views", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["a long secret of escapes, and only them", [many("%41")], many("%41", 9_000)],
    ["the same, broken off again and again", [many("%41")], many(`${many("%41", 99)}%4`, 100)],
    ["what such a secret means", [many("A")], many("%41", 9_000)],
    ["both", [many("%41"), many("A")], many(`${many("%41", 90)}${many("A", 90)}%`, 100)],
    ["escapes of the sign itself", [many("%25")], many("%2525", 9_000)],
    ["broken escapes", [many("%")], many(`${many("%", 99)}4`, 200)],
    ["backslashes", [many("\\")], many("\\\\", 9_000)],
    ["backslashes before something", [many("\\n")], many("\\\\n\\n", 5_000)],
    ["surrogates without end", [many("\\ud83d")], many("\\ud83d", 5_000)],
    ["pairs and halves", [many("😀")], many("\\ud83d\\ude00\\ud83d", 3_000)],
    ["plus signs", [many("+ ")], many("+ +", 9_000)],
    [
      "periodic secrets of all lengths",
      Array.from({ length: 100 }, (_, n) => many("a", n + 8)),
      many("aa%61\\u0061", 3_000),
    ],
  ])("costs at most two edges a byte and view: %s", (_, secrets, text) => {
    expect(search(secrets, text).transitions).toBeLessThanOrEqual(2 * SEARCHES * utf8(text).length);
  });

  it("looks at nothing at all where neither a secret nor an escape begins", () => {
    expect(search(["sk_live_12345678"], many("no secret here. ")).transitions).toBeLessThanOrEqual(1);
  });

  it("is awake in a view only near an escape", () => {
    const text = `${many("plain ")}\\n${many("plain ")}`;
    expect(search(["sk_live_12345678"], text).transitions).toBeLessThan(20);
  });

  it.each([
    ["..abc", 2],
    ["..%61", 2],
    ["..%6", 2],
    ["..%61bc\\u006", 7],
    ["..%61bc\\u00zz", 13],
    ["..ab\\u0063\\u00", 2],
    ["..\\ud83d\\ude", 2],
    ["..x", 3],
  ])("is settled up to where a secret or an escape is open: %j", (text, settled) => {
    expect(search(["abcdefgh", "😀-secret"], text).settled).toBe(settled);
  });

  it("reports where what it found stands in the input", () => {
    expect(search(["abcdefgh"], "%41ab%63d\\u0065fgh").found).toEqual([]);
    expect(search(["abcdefgh"], "..ab%63d%65fgh..").found).toEqual([
      [2, 14],
      [2, 14],
    ]);
    expect(search(["abcdefgh"], "..ab\\u0063d\\u0065fgh..").found).toEqual([[2, 20]]);
  });
});
