import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { s32 } from "../../../scripts/engine/leb128.ts";
import { rewrite } from "../../../scripts/engine/rewrite.ts";
import { compileModule } from "../../support/node-engine.ts";
import { type HandMade, handMade } from "../../support/wasm-text.ts";

const RULES = {
  names: new Map([["m", "memory"]]),
  exports: new Map([["f", "run"]]),
  memory: { initial: 1, maximum: 2 },
  stackPointer: 0,
  signalAddress: 8,
  terminatedAddress: 12,
  heapBreak: { address: 48, stores: 0 },
  pollEvery: { from: 10_000, to: 1_000, stores: 0 },
};

const start = async (made: HandMade) => {
  const module = await compileModule(rewrite(handMade(made), RULES).module);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  const { exports } = await WebAssembly.instantiate(module, { host: { memory } });
  const run = exports["run"];
  const fuel = exports["fuel"];
  if (typeof run !== "function" || !(fuel instanceof WebAssembly.Global))
    throw new Error("exports are missing");
  return {
    memory,
    exports,
    /** The result, and how much fuel it took; `left` is what there is to begin with. */
    run: (left: number, ...args: number[]) => {
      fuel.value = BigInt(left);
      const result: unknown = Reflect.apply(run, undefined, args);
      return { result, used: left - Number(fuel.value) };
    },
    fuel: () => Number(fuel.value),
  };
};

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
    const { exports } = await start({ code: [0x41, 0] });
    const read = (name: string): unknown => {
      const value = exports[name];
      return value instanceof WebAssembly.Global ? value.value : undefined;
    };
    expect(read("stack_pointer")).toBe(65_536);
    expect(read("__instance_signal")).toBe(8);
    expect(read("__instance_terminated")).toBe(12);
  });

  it.each([
    ["a vector instruction", [0xfd, 0x0c], /unknown opcode 0xfd/],
    ["a shared-memory instruction", [0xfe, 0x10], /unknown opcode 0xfe/],
    ["a tail call", [0x12, 0], /unknown opcode 0x12/],
    ["an exception", [0x06, 0x40], /unknown opcode 0x06/],
    ["a table's instruction", [0xfc, 0x0f, 0], /unknown opcode 0xfc0f/],
    ["a second memory", [0x41, 0, 0x28, 0x42, 0, 0, 0x1a], /more than one memory/],
  ])("refuses %s, which it cannot charge for", (_what, code, message) => {
    expect(() => rewrite(handMade({ code: [...code, 0x41, 0] }), RULES)).toThrow(message);
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

  it("gives the same bytes every time", () => {
    expect(rewrite(handMade(COUNTER), RULES).module).toEqual(rewrite(handMade(COUNTER), RULES).module);
  });
});

describe("the built engine", () => {
  it("is the one whose hash the build names, and a valid module", async () => {
    const root = join(import.meta.dirname, "../../..");
    const bytes = readFileSync(join(root, "build/engine.wasm"));
    const named = /OUTPUT_SHA256 = "([0-9a-f]{64})"/.exec(
      readFileSync(join(root, "scripts/build-engine.ts"), "utf8"),
    );
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(named?.[1]);
    const imports = WebAssembly.Module.imports(await compileModule(bytes));
    expect(new Set(imports.map(({ module }) => module))).toEqual(new Set(["host"]));
  });
});
