import { describe, expect, it } from "vitest";
import { FUEL_PER_MS } from "../../src/runtime/index.ts";
import { cleanRoom } from "../support/clean-room.ts";
import { engineStage } from "../support/stages.ts";
import { BIGINT_LOOPS, NATIVE_LOOPS, REGEXP_LOOPS } from "./attacks/loops.ts";
import { NESTED_SOURCE, RECURSION } from "./attacks/nesting.ts";
import { SWALLOWING } from "./attacks/swallowing.ts";

/** Beyond its budget a run has this for telling where it was. */
const GRACE_MS = 2;

/** What would never end, or goes too deep; after each the next runs find nothing of it. */
describe.each([
  ["native loops", NATIVE_LOOPS],
  ["regular expressions", REGEXP_LOOPS],
  ["bigints", BIGINT_LOOPS],
  ["swallowing", SWALLOWING],
  ["recursion", RECURSION],
  ["nested source", NESTED_SOURCE],
])("%s", async (_class, attacks) => {
  const room = await cleanRoom(engineStage);
  for (const attack of attacks)
    it(attack[0], async () => {
      const outcome = await room.prove(attack);
      if (outcome.kind !== "exceeded" || outcome.limit !== "cpu") return;
      expect(outcome.fuel).toBeGreaterThanOrEqual(outcome.limitValue * FUEL_PER_MS);
      expect(outcome.fuel).toBeLessThanOrEqual((outcome.limitValue + GRACE_MS) * FUEL_PER_MS);
    });
});
