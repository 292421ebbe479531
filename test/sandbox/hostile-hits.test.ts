import { describe, it } from "vitest";
import { cleanRoom } from "../support/clean-room.ts";
import { expressionStage, moduleStage } from "../support/stages.ts";
import { EXPRESSION_CONTEXT } from "./attacks/expression-context.ts";
import { HIT_CONTEXT } from "./attacks/hit-context.ts";
import { PATCHED } from "./attacks/patched.ts";
import { WEB_ACTIONS } from "./attacks/web-actions.ts";
import { WEB_APIS } from "./attacks/web-apis.ts";

/** Scripts of the product's two forms, on its own preludes; after each the next runs find nothing of it. */
describe.each([
  ["patched intrinsics", moduleStage, PATCHED],
  ["the Web's values", moduleStage, WEB_APIS],
  ["the Web's actions", moduleStage, WEB_ACTIONS],
  ["a hit's context", moduleStage, HIT_CONTEXT],
  ["an expression's context", expressionStage, EXPRESSION_CONTEXT],
] as const)("%s", async (_class, stage, attacks) => {
  const room = await cleanRoom(stage);
  for (const attack of attacks)
    it(attack[0], async () => {
      await room.prove(attack);
    });
});
