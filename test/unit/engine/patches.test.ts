import { describe, expect, it } from "vitest";
import { s32 } from "../../../scripts/engine/leb128.ts";
import { rewrite } from "../../../scripts/engine/rewrite.ts";
import { RULES, startRewritten } from "../../support/rewritten.ts";
import { handMade } from "../../support/wasm-text.ts";

const BREAK = 48;
const BREAK_RULES = { ...RULES, heapBreak: { address: BREAK, stores: 1 } };
/** Stores its argument as the heap's break, as `sbrk` does, and gives what it stored. */
const MOVE_BREAK = [0x41, BREAK, 0x20, 0, 0x36, 2, 0, 0x41, BREAK, 0x28, 2, 0];

const POLL_RULES = { ...RULES, pollEvery: { from: 10_000, to: 1_000, stores: 1 } };
/** Sets a counter at address 16 to 10,000 and gives what was stored. */
const SET_COUNTER = [0x41, 0, 0x41, ...s32(10_000), 0x36, 2, 16, 0x41, 0, 0x28, 2, 16];

describe("heap_top", () => {
  it("is the highest break that was ever set, without sign", async () => {
    const module = await startRewritten({ parameters: 1, code: MOVE_BREAK }, BREAK_RULES);
    const top = () => Number(module.global("heap_top").value) >>> 0;
    expect(top()).toBe(0);
    const seen = [70_000, 90_000, 80_000, 90_000, 0, 2 ** 31 + 5, 100].map((to) => {
      expect(Number(module.run(100, to).result) >>> 0).toBe(to);
      return top();
    });
    expect(seen).toEqual([70_000, 90_000, 90_000, 90_000, 90_000, 2 ** 31 + 5, 2 ** 31 + 5]);
  });

  it("is the host's to set back", async () => {
    const module = await startRewritten({ parameters: 1, code: MOVE_BREAK }, BREAK_RULES);
    module.run(100, 90_000);
    module.global("heap_top").value = 60_000;
    module.run(100, 50_000);
    expect(module.global("heap_top").value).toBe(60_000);
    module.run(100, 61_000);
    expect(module.global("heap_top").value).toBe(61_000);
  });

  it("cannot be moved by a store to the break's address that is not sbrk's", async () => {
    const forge = [0x41, BREAK - 4, 0x20, 0, 0x36, 2, 4];
    const module = await startRewritten(
      { parameters: 1, code: [...forge, 0x41, 0] },
      { ...BREAK_RULES, heapBreak: { address: BREAK, stores: 0 } },
    );
    module.run(100, 5_000);
    expect(module.global("heap_top").value).toBe(0);
  });

  it.each([
    ["is stored in no place", [0x20, 0], "stored in 0 places, not 1"],
    ["is stored in more places", [...MOVE_BREAK, 0x1a, ...MOVE_BREAK], "stored in 2 places, not 1"],
    ["is computed where it is stored", [0x41, BREAK, 0x41, 5, 0x36, 2, 0, 0x20, 0], "not understood"],
    ["has its address taken", [0x41, BREAK], "not understood"],
  ])("is refused where the break %s", (_how, code, message) => {
    expect(() => rewrite(handMade({ parameters: 1, code }), BREAK_RULES)).toThrow(message);
  });
});

describe("interrupts", () => {
  it("are polled for as often as the build says", async () => {
    expect((await startRewritten({ code: SET_COUNTER }, POLL_RULES)).run(10).result).toBe(1_000);
  });

  it("leave other numbers of that value alone", async () => {
    const code = [...SET_COUNTER, 0x1a, 0x41, ...s32(10_000)];
    expect((await startRewritten({ code }, POLL_RULES)).run(10).result).toBe(10_000);
  });

  it.each([
    ["too few", [0x41, 0], "set in 0 places, not 1"],
    ["too many", [...SET_COUNTER, 0x1a, ...SET_COUNTER], "set in 2 places, not 1"],
  ])("are refused when %s counters are found", (_what, code, message) => {
    expect(() => rewrite(handMade({ code }), POLL_RULES)).toThrow(message);
  });
});
