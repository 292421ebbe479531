import { describe, expect, it } from "vitest";
import { s32 } from "../../../scripts/engine/leb128.ts";
import { rewrite } from "../../../scripts/engine/rewrite.ts";
import { RULES, startRewritten as start } from "../../support/rewritten.ts";
import { type HandMade, handMade, importOf, MEMORY_IMPORT } from "../../support/wasm-text.ts";

const I32_ADD = 0x6a;
/** Adds 1 to local 1 until it is as large as the parameter, with a loop in a block. */
const COUNT = [
  [0x02, 0x40, 0x03, 0x40],
  [0x20, 1, 0x20, 0, 0x4e, 0x0d, 1],
  [0x20, 1, 0x41, 1, I32_ADD, 0x21, 1],
  [0x0c, 0, 0x0b, 0x0b],
  [0x20, 1],
].flat();
const COUNTER: HandMade = { parameters: 1, locals: [1, 1, 0x7f], code: COUNT };

describe("the rewriter", () => {
  it("charges one unit for entering a function", async () => {
    expect((await start({ code: [0x41, 7] })).run(10)).toEqual({ result: 7, used: 1 });
  });

  it("charges more for entering a long function, by what stands outside of its loops", async () => {
    const nops = (count: number) => Array.from({ length: count }, () => 0x01);
    const used = async (code: readonly number[]) => (await start({ code: [...code, 0x41, 7] })).run(100).used;
    // With `i32.const` and `end` that is 64 instructions.
    expect(await used(nops(61))).toBe(1);
    expect(await used(nops(62))).toBe(2);
    expect(await used(nops(10_000))).toBe(17);
    const loop = [0x03, 0x40, ...nops(1_000), 0x0b];
    expect(await used([...nops(60), ...loop])).toBe(2);
    expect(await used([...loop, ...nops(61)])).toBe(3);
  });

  it("charges one unit for every turn of a loop, and keeps what the function computes", async () => {
    const module = await start(COUNTER);
    expect(module.run(1_000, 5)).toEqual({ result: 5, used: 7 });
    expect(module.run(1_000, 500)).toEqual({ result: 500, used: 502 });
  });

  it("stops at the first unit that is not there, and stays stopped", async () => {
    const module = await start(COUNTER);
    expect(module.run(7, 5)).toEqual({ result: 5, used: 7 });
    expect(() => module.run(6, 5)).toThrow(WebAssembly.RuntimeError);
    expect(module.fuel()).toBe(-1);
    expect(() => module.run(-1, 0)).toThrow(WebAssembly.RuntimeError);
  });

  it("stops a loop without an end", async () => {
    const module = await start({ code: [0x03, 0x40, 0x0c, 0, 0x0b, 0x41, 0] });
    expect(() => module.run(1_000_000)).toThrow(WebAssembly.RuntimeError);
  });

  it("charges filling and copying by length, before they are done", async () => {
    const fill = await start({
      parameters: 1,
      code: [0x41, 0, 0x41, 7, 0x20, 0, 0xfc, 0x0b, 0, 0x41, 0, 0x2d, 0, 0],
    });
    expect(fill.run(10_000, 3_200)).toEqual({ result: 7, used: 51 });
    const copy = await start({
      parameters: 1,
      code: [0x41, 0, 0x41, ...s32(8_192), 0x20, 0, 0xfc, 0x0a, 0, 0, 0x41, 0],
    });
    expect(copy.run(10_000, 256)).toEqual({ result: 0, used: 5 });
    expect(() => copy.run(20, 3_200)).toThrow(WebAssembly.RuntimeError);
    new Uint8Array(fill.memory.buffer).fill(0);
    expect(() => fill.run(20, 3_200)).toThrow(WebAssembly.RuntimeError);
    expect(new Uint8Array(fill.memory.buffer)[0]).toBe(0);
  });

  it("reads a length of more than 2 GiB as what it is, and not as negative", async () => {
    const fill = await start({ parameters: 1, code: [0x41, 0, 0x41, 7, 0x20, 0, 0xfc, 0x0b, 0, 0x41, 0] });
    expect(() => fill.run(1_000, -1)).toThrow(WebAssembly.RuntimeError);
    expect(fill.fuel()).toBe(1_000 - 1 - 67_108_863);
  });

  it("steps over every kind of immediate that the engine's code has", async () => {
    const code = [
      [0x41, 0xff, 0x0b, 0x1a],
      [0x42, 0x83, 0x80, 0x80, 0x80, 0x10, 0x1a],
      [0x43, 0x03, 0x03, 0x0b, 0x0b, 0x1a],
      [0x44, 3, 3, 3, 3, 3, 3, 0x0b, 3, 0x1a],
      [0x41, 0, 0x28, 2, 0x0b, 0x1a],
      [0x3f, 0, 0x1a],
      [0x02, 0x40, 0x02, 0x40, 0x41, 0, 0x0e, 1, 0, 1, 0x0b, 0x0b],
      [0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0xfc, 2, 0x1a],
      [0x41, 1, 0x04, 0x7f, 0x41, 5, 0x05, 0x41, 6, 0x0b],
    ].flat();
    expect((await start({ code })).run(10)).toEqual({ result: 5, used: 1 });
  });

  it("says where C's stack begins and where workerd may signal", async () => {
    const { global } = await start({ code: [0x41, 0] });
    expect(global("stack_pointer").value).toBe(65_536);
    expect(global("__instance_signal").value).toBe(8);
    expect(global("__instance_terminated").value).toBe(12);
  });

  it("refuses what is no module, or a module with other imports and exports than it knows", () => {
    const module = handMade({ code: [0x41, 0] });
    expect(() => rewrite(module.subarray(1), RULES)).toThrow(/not a WebAssembly module/);
    expect(() => rewrite(module.subarray(0, module.length - 2), RULES)).toThrow(/longer than the module/);
    expect(() => rewrite(module, { ...RULES, names: new Map() })).toThrow(
      /an import that has no name here: m/,
    );
    expect(() => rewrite(module, { ...RULES, exports: new Map([["g", "run"]]) })).toThrow(/exported as g/);
  });

  it.each([
    ["a memory of its own", { section: [5, [1, 1, 1, 1]] }, "section 5"],
    ["exceptions' tags", { section: [13, [1, 0, 0]] }, "section 13"],
    ["another memory", { imports: [2, ...MEMORY_IMPORT, ...MEMORY_IMPORT] }, "imports 2 memories"],
    ["no memory", { imports: [0] }, "imports 0 memories"],
    ["a shared memory", { imports: [1, ...importOf("m", [0x02, 0x03, 1, 2])] }, "or is shared"],
    ["a memory of 64-bit addresses", { imports: [1, ...importOf("m", [0x02, 0x05, 1, 2])] }, "or is shared"],
    ["a memory without an end", { imports: [1, ...importOf("m", [0x02, 0x00, 1])] }, "has no maximum"],
    ["an imported table", { imports: [1, ...importOf("m", [0x01, 0x70, 0, 1])] }, "does not give: m"],
    ["an imported global", { imports: [1, ...importOf("m", [0x03, 0x7f, 0])] }, "does not give: m"],
  ] as const)("refuses %s", (_what, made, message) => {
    expect(() => rewrite(handMade({ code: [0x41, 0], ...made }), RULES)).toThrow(message);
  });

  it("gives the same bytes every time", () => {
    expect(rewrite(handMade(COUNTER), RULES).module).toEqual(rewrite(handMade(COUNTER), RULES).module);
  });
});
