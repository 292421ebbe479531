import type { Ending } from "./outcome.ts";

/**
 * Thrown by the host's side of a call to end the run at once: it unwinds through the engine, whose instance is
 * dropped afterwards, so no guest code can catch it. Without an ending the run is over by its own word (`done`).
 */
export class StopRun extends Error {
  override readonly name = "StopRun";
  readonly ending: Ending | undefined;
  constructor(ending?: Ending) {
    super("the run is over");
    this.ending = ending;
  }
}

/** What every run that ends by its own word throws: an error made anew would take a stack trace each time. */
export const RUN_IS_OVER = new StopRun();

/** The engine itself gave up: an assertion, an allocation that it cannot do without, or memory that a guest spoiled. */
export class EngineFault extends Error {
  override readonly name = "EngineFault";
}
