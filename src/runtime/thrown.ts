import type { Engine, Value } from "./engine.ts";
import { readToldError, type ToldError } from "./guest-error.ts";
import type { GuestTools } from "./guest-tools.ts";

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

/** A thrown value as the guest's own tool tells of it; its getters run inside, under the fuel that is left. */
export const describeThrown = (engine: Engine, tools: GuestTools, thrown: Value): ToldError => {
  const described = engine.call(tools.describe, [thrown]);
  return readToldError(described.ok ? parse(engine.string(described.value)) : undefined);
};
