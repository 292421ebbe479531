import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isOpen,
  MOST_UNSEEN,
  NEW_WINDOW,
  type Window,
  withSeen,
  withSent,
} from "../../../src/journal/tail-window.ts";

const EACH = MOST_UNSEEN / 16;

const send = (window: Window, times: number): Window => {
  let sent = window;
  for (let time = 0; time < times; time += 1) sent = withSent(sent, EACH);
  return sent;
};

describe("a watcher's window", () => {
  it("closes when too much is unseen", () => {
    expect(isOpen(send(NEW_WINDOW, 15))).toBe(true);
    expect(isOpen(send(NEW_WINDOW, 16))).toBe(false);
  });

  it("is wide open again when all is seen", () => {
    const window = withSeen(send(NEW_WINDOW, 16), 16);
    expect(isOpen(send(window, 15))).toBe(true);
    expect(isOpen(send(window, 16))).toBe(false);
  });

  it("stays open for a watcher that is always a little behind", () => {
    let window = send(NEW_WINDOW, 3);
    for (let turn = 0; turn < 1_000; turn += 1) {
      window = send(window, 1);
      window = withSeen(window, window.seq - 3);
      expect(isOpen(window)).toBe(true);
    }
  });

  it("never has more unseen than it counts", () => {
    const turn = fc.record({ sent: fc.nat(4), back: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 100 }), (turns) => {
        let window = NEW_WINDOW;
        let seen = 0;
        for (const { sent, back } of turns) {
          window = send(window, sent);
          const seq = Math.max(0, window.seq - back);
          window = withSeen(window, seq);
          seen = Math.max(seen, seq);
          expect(window.since + window.before).toBeGreaterThanOrEqual((window.seq - seen) * EACH);
        }
      }),
    );
  });

  it("believes nobody who has seen what was never sent", () => {
    const window = send(NEW_WINDOW, 16);
    for (const seq of [17, 1e9, -1, 0.5, Number.NaN]) expect(withSeen(window, seq)).toEqual(window);
    expect(isOpen(withSeen(window, 1))).toBe(false);
  });
});
