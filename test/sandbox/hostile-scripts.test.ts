import { describe, it } from "vitest";
import { cleanRoom } from "../support/clean-room.ts";
import { engineStage } from "../support/stages.ts";
import { CODE_FROM_STRINGS } from "./attacks/code-from-strings.ts";
import { DOOR } from "./attacks/door.ts";
import { ERRORS } from "./attacks/errors.ts";
import { FLOODS } from "./attacks/floods.ts";
import { REENTRANCY } from "./attacks/reentrancy.ts";
import { RESULTS } from "./attacks/results.ts";
import { THENABLES } from "./attacks/thenables.ts";

/** What a script gives back, throws, and does at the door; after each the next runs find nothing of it. */
describe.each([
  ["code from strings", CODE_FROM_STRINGS],
  ["thenables", THENABLES],
  ["what is thrown", ERRORS],
  ["re-entrancy", REENTRANCY],
  ["results", RESULTS],
  ["the door", DOOR],
  ["floods", FLOODS],
])("%s", async (_class, attacks) => {
  const room = await cleanRoom(engineStage);
  for (const attack of attacks)
    it(attack[0], async () => {
      await room.prove(attack);
    });
});
