import { describe, expect, it } from "vitest";
import { HEAP_START } from "../../build/engine-layout.ts";
import { cleanRoom } from "../support/clean-room.ts";
import { engineStage } from "../support/stages.ts";
import { JOBS, MEMORY } from "./attacks/memory.ts";

/** The ceiling of a class's linear memory, less what lies below the heap; no run may pass it. */
const mostHeap = (pages: number): number => pages * 65_536 - HEAP_START;

/** What fills the heap; after each the next runs find nothing of it. */
describe.each([
  ["a heap of 10 MB", 10, 256, [...MEMORY, ...JOBS]],
  ["a heap of 32 MB", 32, 600, MEMORY.filter((_attack, index) => index % 12 === 0)],
] as const)("%s", async (_class, heapMb, pages, attacks) => {
  const room = await cleanRoom(engineStage, heapMb);
  for (const attack of attacks)
    it(attack[0], async () => {
      const outcome = await room.prove(attack);
      expect(outcome.peakMemoryBytes).toBeLessThanOrEqual(mostHeap(pages));
    });
});
