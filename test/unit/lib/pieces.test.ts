import { describe, expect, it } from "vitest";
import { concat } from "../../../src/lib/bytes.ts";
import { createPieces } from "../../../src/lib/pieces.ts";
import { buffersHeld } from "../../support/buffers-held.ts";

describe("bytes that come in pieces", () => {
  it("are whole and in their order, whatever the pieces' lengths", () => {
    const lengths = [0, 1, 16_383, 1, 16_384, 5, 40_000, 0, 12_000, 12_000, 1];
    const given = lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
    const pieces = createPieces();
    for (const [index, piece] of given.entries()) {
      pieces.add(piece);
      expect(pieces.whole()).toEqual(concat(given.slice(0, index + 1)));
    }
  });

  it("take about their own length, although each byte came in a buffer of its own", () => {
    const pieces = createPieces();
    const before = buffersHeld();
    for (let count = 0; count < 50_000; count += 1) pieces.add(new Uint8Array(4_096).subarray(0, 1));
    expect(buffersHeld() - before).toBeLessThan(1024 * 1024);
    expect(pieces.whole().length).toBe(50_000);
  });
});
