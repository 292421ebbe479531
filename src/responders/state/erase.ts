import type { ManageDeps } from "../manage/deps.ts";

/** Waits between the tries, in ms. */
const BACKOFF_MS = [500, 2_000, 8_000] as const;

/** Nothing but this tries again: its responder is gone. Rejects when the object refuses to the end. */
export const eraseState = async (
  { stateOf, sleep }: Pick<ManageDeps, "stateOf" | "sleep">,
  responderId: string,
): Promise<void> => {
  for (const pause of BACKOFF_MS) {
    try {
      return await stateOf(responderId).erase();
    } catch {
      await sleep(pause);
    }
  }
  return stateOf(responderId).erase();
};
