import { describe, expect, it } from "vitest";
import { rewrite } from "../../../scripts/engine/rewrite.ts";
import { RULES, startRewritten } from "../../support/rewritten.ts";
import { compileModule } from "../../support/node-engine.ts";
import { type HandMade, handMade } from "../../support/wasm-text.ts";

const call = (index: number) => [0x10, index];
const callIndirect = (place: number) => [0x41, place, 0x11, 0, 0];
const DROP = 0x1a;
const NUMBER = [0x41, 7];
/** With `end`, so many instructions that leave 7. */
const longCode = (instructions: number) => [
  ...Array.from({ length: instructions - 2 }, () => 0x01),
  ...NUMBER,
];
const TURN_ONCE = [0x03, 0x40, 0x0b, ...NUMBER];
const FILL_NOTHING = [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 0, ...NUMBER];

const used = async (made: HandMade): Promise<number> => (await startRewritten(made)).run(1_000).used;

describe("a function that is free", () => {
  it.each([
    ["small", [{ code: longCode(128) }], 1 + 2],
    ["small with what it calls", [{ code: call(2) }, { code: longCode(126) }], 1 + 2],
    ["next to nothing", [{ code: NUMBER }], 1],
  ])("takes no fuel of its own, being %s", async (_what, others, units) => {
    expect(await used({ code: call(1), others })).toBe(units);
  });

  it("is part of what its caller's entry costs, once for each call, but not where a loop calls it", async () => {
    const others = [{ code: longCode(64) }];
    const twice = [...call(1), DROP, ...call(1)];
    // 3 instructions and `end`, and 128 of the calls.
    expect(await used({ code: twice, others })).toBe(1 + 2);
    expect(await used({ code: [0x03, 0x40, ...twice, DROP, 0x0b, ...NUMBER], others })).toBe(1 + 1);
  });

  it.each([
    ["has more instructions than 128", [{ code: longCode(129) }], 1 + 1 + 2],
    ["calls more than it may be itself", [{ code: call(2) }, { code: longCode(127) }], 1 + 1 + 2],
    ["calls one that is not", [{ code: call(2) }, { code: TURN_ONCE }], 1 + 1 + 1 + 1],
    ["has a loop", [{ code: TURN_ONCE }], 1 + 1 + 1],
    ["fills memory", [{ code: FILL_NOTHING }], 1 + 1],
    ["calls through the table", [{ code: callIndirect(2) }, { code: NUMBER }], 1 + 1],
  ])("is not one that %s", async (_what, others, units) => {
    expect(await used({ code: call(1), others })).toBe(units);
  });

  it.each([
    ["itself", [{ code: call(1) }]],
    ["one that calls it", [{ code: call(2) }, { code: call(1) }]],
    ["itself, through the table", [{ code: callIndirect(1) }]],
    ["what is exported, and calls it", [{ code: call(0) }]],
  ])("does not call %s", async (_what, others) => {
    const module = await startRewritten({ code: call(1), others });
    expect(() => module.run(50)).toThrow("unreachable");
    expect(module.fuel()).toBe(-1);
  });
});

describe("a module without metering", () => {
  it("is patched and named as ever, and spends nothing", async () => {
    const module = await startRewritten(
      { code: [...FILL_NOTHING, DROP, ...call(1)], others: [{ code: TURN_ONCE }] },
      { ...RULES, metered: false },
    );
    expect(module.run(0)).toEqual({ result: 7, used: 0 });
  });
});

describe("the small functions that make V8 inline", () => {
  it("are as many as the module's own, which keep their places", async () => {
    const made = { code: call(1), others: [{ code: TURN_ONCE }, { code: NUMBER }] };
    const grown = rewrite(handMade(made), RULES);
    expect(grown.functions).toBe(3);
    await compileModule(grown.module);
    // Each is a type's index, here 1, and a body of two bytes.
    const text = Buffer.from(grown.module).toString("latin1");
    expect(text).toContain("\u0003\u0007\u0006\0\0\0\u0001\u0001\u0001");
    expect(text).toContain("\u0002\0\u000b".repeat(3));
  });
});
