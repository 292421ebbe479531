import { describe, expect, it } from "vitest";
import { startClock } from "../../../src/runtime/clock.ts";

describe("a run's clock", () => {
  it("shows whole milliseconds, and its two hands move at the same moments", () => {
    let real = 1_000.7;
    const clock = startClock(() => real);
    const seen: (readonly [number, number])[] = [];
    for (let step = 0; step < 40; step += 1) {
      seen.push([clock.now(), clock.elapsed()]);
      real += 0.1;
    }
    expect(seen.flat().every(Number.isInteger)).toBe(true);
    expect(seen.every(([now, elapsed]) => now - elapsed === 1_000)).toBe(true);
    expect(new Set(seen.map(([now]) => now)).size).toBe(5);
  });

  it("never counts back, where the host's clock is set back", () => {
    let real = 1_000;
    const clock = startClock(() => real);
    real = 900;
    expect(clock.elapsed()).toBe(0);
  });

  it("stands still while it is stopped, by however many, and goes on", () => {
    let real = 1_000;
    const clock = startClock(() => real);
    real += 5;
    const one = clock.stop();
    real += 100;
    const other = clock.stop();
    one();
    one();
    real += 100;
    expect([clock.elapsed(), clock.isStopped(), clock.now()]).toEqual([5, true, 1_205]);
    other();
    real += 7;
    expect([clock.elapsed(), clock.isStopped()]).toEqual([12, false]);
  });
});
