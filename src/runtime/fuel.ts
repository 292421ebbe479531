/**
 * Fuel is what the engine's own code counts down: for each function entered, each turn of a loop inside the engine,
 * and bytes copied (scripts/engine/meter.ts). A wasm global holds it, out of the guest's reach.
 */

/** Units of fuel in a millisecond of CPU, by `node perf/calibrate.ts` (docs/adr/0006-what-metering-costs.md). */
export const FUEL_PER_MS = 800_000;

/** What one call through the host door costs besides its own price: about its time on both sides, 4 µs. */
export const HOST_CALL_FUEL = 2_500;

/** What an op's refusal costs besides: an exception of the host's, its stack, and an error of the guest's. */
export const REFUSAL_FUEL = 13_000;

/** What the host's own set-up of a run may use, the prelude's evaluation included. The user's fuel starts after it. */
export const SETUP_FUEL = 4_000_000_000;

/**
 * What a run may use beyond its fuel, to be told where it was: at its fuel's end the engine is asked to stop, which it
 * does at its next poll; code that polls never, native loops above all, ends in a trap when this is used up as well.
 */
export const GRACE_FUEL = 2 * FUEL_PER_MS;

export const fuelForMs = (ms: number): number => Math.floor(ms * FUEL_PER_MS);

/** Bytes that cross into the guest, besides what the engine pays for: a copy of what is there. */
export const fuelForBytes = (bytes: number): number => Math.floor(bytes / 32);

/** Bytes that come from the guest: copied to where there was no memory yet, which takes ten times as long. */
export const fuelForBytesOut = (bytes: number): number => Math.floor(bytes / 4);

/** Text that comes from the guest, besides what the engine pays for writing it in UTF-8: calls, a decoding, an encoding. */
export const fuelForText = (characters: number): number => 1_000 + Math.floor(characters / 2);

/** For each byte beyond the first of a character: the host's decoders take ten times as long for them. */
export const FUEL_PER_WIDE_BYTE = 5;
