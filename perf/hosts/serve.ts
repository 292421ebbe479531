import type { Program } from "../../src/scripts/index.ts";
import { type Scenario, scenarioNamed } from "../scenarios/index.ts";

/** What a measuring process is asked. Only the product's needs the program: peers take the script itself. */
export interface Question {
  readonly what: "runs" | "restores";
  readonly scenario: string;
  readonly program: Program | null;
}

/** What it answers. */
export type ChildAnswer =
  | { readonly ok: true; readonly figures: unknown }
  | { readonly ok: false; readonly message: string };

/** Makes this process one that measures, one question at a time, until the parent ends it. */
export const serve = (measure: (scenario: Scenario, question: Question) => Promise<unknown>): void => {
  const send = (answer: ChildAnswer): void => void process.send?.(answer);
  const answer = async (question: Question): Promise<void> => {
    try {
      send({ ok: true, figures: await measure(scenarioNamed(question.scenario), question) });
    } catch (error) {
      send({ ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  };
  process.on("message", (question: Question) => void answer(question));
  // A parent that died must not leave this behind.
  process.on("disconnect", () => process.exit(0));
};
