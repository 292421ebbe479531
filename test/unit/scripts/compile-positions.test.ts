import { describe, expect, it } from "vitest";
import { writeMap } from "../../../src/scripts/guest/write-map.guest.ts";
import { firstPart, mapLog, mapPosition, mapStack } from "../../../src/scripts/positions.ts";

describe("positions", () => {
  it("are the same without a map", () => {
    expect(mapPosition(null, 3, 7)).toEqual({ line: 3, column: 7 });
    expect(mapStack([firstPart("script", null)], "at f (script:3:7)")).toBe("at f (script:3:7)");
  });

  it("need no map for a source of ASCII, whatever its line ends", () => {
    const source = "a\nb\r\nc\rd";
    expect(writeMap(source, source, null)).toBeNull();
  });

  it("come from bytes to units behind text that is not ASCII, on its own line only", () => {
    const source = "'é€😀'; f()\ng()";
    const map = writeMap(source, source, null);
    // 1 + 2 + 3 + 4 bytes + "'; " and f.
    expect(mapPosition(map, 1, 14)).toEqual({ line: 1, column: source.indexOf("f") + 1 });
    expect(mapPosition(map, 2, 1)).toEqual({ line: 2, column: 1 });
    expect(mapPosition(map, 9, 4)).toEqual({ line: 9, column: 4 });
  });

  it("follow the engine, which ends a line at U+2028", () => {
    const source = "a;\u2028b;\nc";
    const map = writeMap(source, source, null);
    expect(mapPosition(map, 2, 1)).toEqual({ line: 1, column: 4 });
    expect(mapPosition(map, 3, 1)).toEqual({ line: 2, column: 1 });
    expect(mapPosition(map, 7, 2)).toEqual({ line: 6, column: 2 });
  });

  it("are put into the frames of the user's script and nowhere else", () => {
    const source = "'é'; f()";
    const map = writeMap(source, source, null);
    const stack =
      "at f (script:1:7)\nat script:1:7\nat g (prelude:1:7)\nat g (scripts/x:1:7)\nat script:1:7 (script:1:2)";
    expect(mapStack([firstPart("script", map)], stack)).toBe(
      "at f (script:1:6)\nat script:1:6\nat g (prelude:1:7)\nat g (scripts/x:1:7)\nat script:1:7 (script:1:2)",
    );
  });

  it("are put into the errors of a logged text, whose columns are still the engine's", () => {
    const source = "'é'; f()";
    const map = writeMap(source, source, null);
    const text = "{\n  e: Error: x\n    at f (script:1:6),\n  at script:2:6\n} script:1:6\n  (script:1:6)";
    const shift = (line: number) => (line === 1 ? 1 : 0);
    expect(mapLog([firstPart("script", map)], text, shift)).toBe(
      "{\n  e: Error: x\n    at f (script:1:6),\n  at script:2:6\n} script:1:6\n  (script:1:6)",
    );
    expect(mapLog([firstPart("script", null)], "at f (script:1:6)", shift)).toBe("at f (script:1:7)");
  });

  it.each(["", ";;;", "A", "!!!", "gggggggggggggg", ",,,", "AAAA;é"])(
    "stay numbers with a spoiled map: %j",
    (map) => {
      const { line, column } = mapPosition(map, 2, 5);
      expect([Number.isFinite(line), Number.isFinite(column)]).toEqual([true, true]);
    },
  );
});
