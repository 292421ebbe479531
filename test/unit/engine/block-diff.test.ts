import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { IMPORT_NAMES } from "../../../scripts/engine/names.ts";
import { compileModule } from "../../support/node-engine.ts";

const BLOCK_BYTES = 128;
const LIST_AT = 65_536;

const module = await compileModule(readFileSync(join(import.meta.dirname, "../../../build/engine.wasm")));

const twoMemories = () => {
  const memory = new WebAssembly.Memory({ initial: 96, maximum: 256 });
  const mirror = new WebAssembly.Memory({ initial: 4 });
  const functions = Object.fromEntries([...IMPORT_NAMES.values()].map((name) => [name, () => 0] as const));
  const { exports } = new WebAssembly.Instance(module, { host: { ...functions, memory, mirror } });
  const callee = exports["diff_blocks"];
  if (typeof callee !== "function") throw new Error("diff_blocks is not exported");
  const differing = (at: number, mirrorAt: number, blocks: number): number[] => {
    const count = Number(Reflect.apply(callee, undefined, [at, mirrorAt, blocks, LIST_AT]));
    return [...new Uint32Array(mirror.buffer, LIST_AT, count)].map((address) => (address - at) / BLOCK_BYTES);
  };
  new Uint8Array(memory.buffer).fill(0);
  return { memory: new Uint8Array(memory.buffer), mirror: new Uint8Array(mirror.buffer), differing };
};

describe("the engine's comparison of blocks with its mirror", () => {
  it("finds none where both are the same, and none of none", () => {
    const { differing } = twoMemories();
    expect(differing(0, 0, 16)).toEqual([]);
    expect(differing(0, 0, 0)).toEqual([]);
  });

  it.each([0, 1, 15, 16, 63, 64, 65, 95, 112, 127])("sees one byte, at %i of a block", (offset) => {
    const { memory, differing } = twoMemories();
    memory[7 * BLOCK_BYTES + offset] = 1;
    expect(differing(0, 0, 16)).toEqual([7]);
  });

  it("lists every block that differs once, first and last too, and what only the mirror has", () => {
    const { memory, mirror, differing } = twoMemories();
    memory.fill(1, 0, BLOCK_BYTES);
    memory[3 * BLOCK_BYTES] = 1;
    mirror[4 * BLOCK_BYTES + 127] = 1;
    memory[15 * BLOCK_BYTES + 127] = 1;
    memory[16 * BLOCK_BYTES] = 1;
    expect(differing(0, 0, 16)).toEqual([0, 3, 4, 15]);
  });

  it("compares what lies at different addresses", () => {
    const { memory, mirror, differing } = twoMemories();
    memory.fill(5, 100 * BLOCK_BYTES, 108 * BLOCK_BYTES);
    mirror.fill(5, 2 * BLOCK_BYTES, 10 * BLOCK_BYTES);
    mirror[6 * BLOCK_BYTES + 8] = 0;
    expect(differing(100 * BLOCK_BYTES, 2 * BLOCK_BYTES, 8)).toEqual([4]);
  });
});
