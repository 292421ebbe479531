import engine from "../../build/engine.wasm";
import { TIER_LIMITS, type Tier } from "../../src/accounts/index.ts";
import { shareOf } from "../../src/scripts/share.ts";
import { createRuntime, FUEL_PER_MS } from "../../src/runtime/index.ts";
import { createExecute, type Execution, type ScriptInput } from "../../src/scripts/index.ts";
import { INPUT, programOf } from "./run-script.ts";

export interface Tiered {
  /** Runs a module under all that the tier's table says, as a hit of this account's responder would. */
  readonly run: (tier: Tier, code: string, more?: RunOptions) => Execution;
  readonly clock: { now: number };
}

export interface RunOptions {
  readonly input?: Partial<ScriptInput>;
  readonly account?: string;
  readonly responder?: string;
}

/** The product's own way from a tier to an outcome, on a runtime of its own; its clock moves only when the test moves it. */
export const tiered = (tick = 0): Tiered => {
  const clock = { now: 1_800_000_000_000 };
  const runtime = createRuntime({
    module: engine,
    now: () => (clock.now += tick),
    onFault: (error) => {
      throw error;
    },
  });
  const execute = createExecute({
    run: runtime.run,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });
  return {
    clock,
    run: (tier, code, { input = {}, account = "acc_one", responder = "rsp_one" } = {}) =>
      execute({
        program: programOf("module", code),
        input: { ...INPUT, ...input },
        limits: TIER_LIMITS[tier],
        share: shareOf({ id: account, limits: TIER_LIMITS[tier] }, responder),
        seed: new Uint8Array(16),
      }),
  };
};

/** Beyond what the platform takes, so that it is refused at once; but its price is taken first. */
const REFUSED_ROUNDS = 1_000_000;
const deriving = (rounds: number, after: string, before = ""): string => `
  export default async () => {
    ${before}
    const key = await crypto.subtle.importKey("raw", new Uint8Array(1), "PBKDF2", false, ["deriveBits"]);
    const use = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(1), iterations: ${rounds} };
    await crypto.subtle.deriveBits(use, key, 256).catch(() => 0);
    ${after}
  }`;

/** A script that uses so many ms of CPU, to a few hundredths, without taking them; and what it does then, and before. */
export const spending = async ({
  run,
}: Tiered): Promise<(ms: number, after?: string, before?: string) => string> => {
  const fuelOf = async (rounds: number) => (await run("ultimate", deriving(rounds, "")).end).fuel;
  const [one, two] = [await fuelOf(REFUSED_ROUNDS), await fuelOf(2 * REFUSED_ROUNDS)];
  const perRound = (two - one) / REFUSED_ROUNDS;
  const fixed = one - REFUSED_ROUNDS * perRound;
  return (ms, after = "", before = "") =>
    deriving(Math.round((ms * FUEL_PER_MS - fixed) / perRound), after, before);
};
