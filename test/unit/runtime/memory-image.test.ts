import { describe, expect, it } from "vitest";
import { createMemory, INITIAL_BYTES } from "../../../src/runtime/engine-memory.ts";
import { restoreMemory, takeImage } from "../../../src/runtime/memory-image.ts";

const newMemory = () => createMemory(10, () => undefined);
const bytesOf = (memory: ReturnType<typeof newMemory>) => new Uint8Array(memory.memory.buffer);

describe("an image of a memory", () => {
  it("brings back every byte, at the ends and across pieces too", () => {
    const memory = newMemory();
    const bytes = bytesOf(memory);
    for (const at of [0, 4_095, 4_096, 70_000, INITIAL_BYTES - 1]) bytes[at] = 1 + (at % 255);
    const image = takeImage(memory, {});
    const restored = newMemory();
    restoreMemory(restored, image);
    expect(Buffer.from(bytesOf(restored)).equals(Buffer.from(bytes))).toBe(true);
  });

  it("keeps only what is not zero, and does not change afterwards", () => {
    const memory = newMemory();
    bytesOf(memory)[10_000] = 7;
    const image = takeImage(memory, {});
    bytesOf(memory)[10_000] = 8;
    expect(image.pieces.map(({ at, bytes }) => [at, bytes.length, bytes[10_000 - at]])).toEqual([
      [8_192, 4_096, 7],
    ]);
  });

  it("grows the memory that it is restored into", () => {
    const memory = newMemory();
    memory.resize(INITIAL_BYTES + 1);
    bytesOf(memory)[INITIAL_BYTES] = 9;
    const restored = newMemory();
    restoreMemory(restored, takeImage(memory, {}));
    expect(bytesOf(restored)[INITIAL_BYTES]).toBe(9);
  });
});
