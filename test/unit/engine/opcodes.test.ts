import { describe, expect, it } from "vitest";
import { s32, u32 } from "../../../scripts/engine/leb128.ts";
import { rewrite } from "../../../scripts/engine/rewrite.ts";
import { RULES, startRewritten } from "../../support/rewritten.ts";
import { compileModule } from "../../support/node-engine.ts";
import { type HandMade, handMade } from "../../support/wasm-text.ts";

type Type = "i" | "l" | "f" | "d";

const floatBytes = (value: number) => [...new Uint8Array(new Float32Array([value]).buffer)];
const doubleBytes = (value: number) => [...new Uint8Array(new Float64Array([value]).buffer)];
/** Constants that are operands of every operation, whose bytes hold opcodes of loops, ends and bulk memory. */
const CONSTANT: Readonly<Record<Type, readonly number[]>> = {
  i: [0x41, ...s32(0x0b_03)],
  l: [0x42, ...s32(0x0b_03)],
  f: [0x43, ...floatBytes(2.5)],
  d: [0x44, ...doubleBytes(2.5)],
};
/** Any result as an i32, with all of its bits in it. */
const AS_I32: Readonly<Record<Type, readonly number[]>> = {
  i: [],
  l: [0xa7],
  f: [0xbc],
  d: [0xbd, 0xa7],
};

/** Operations without immediates, from the first opcode of a row to its last: operands, `>`, result. */
const NUMERIC: readonly (readonly [first: number, last: number, signature: string])[] = [
  [0x45, 0x45, "i>i"],
  [0x46, 0x4f, "ii>i"],
  [0x50, 0x50, "l>i"],
  [0x51, 0x5a, "ll>i"],
  [0x5b, 0x60, "ff>i"],
  [0x61, 0x66, "dd>i"],
  [0x67, 0x69, "i>i"],
  [0x6a, 0x78, "ii>i"],
  [0x79, 0x7b, "l>l"],
  [0x7c, 0x8a, "ll>l"],
  [0x8b, 0x91, "f>f"],
  [0x92, 0x98, "ff>f"],
  [0x99, 0x9f, "d>d"],
  [0xa0, 0xa6, "dd>d"],
  [0xa7, 0xa7, "l>i"],
  [0xa8, 0xa9, "f>i"],
  [0xaa, 0xab, "d>i"],
  [0xac, 0xad, "i>l"],
  [0xae, 0xaf, "f>l"],
  [0xb0, 0xb1, "d>l"],
  [0xb2, 0xb3, "i>f"],
  [0xb4, 0xb5, "l>f"],
  [0xb6, 0xb6, "d>f"],
  [0xb7, 0xb8, "i>d"],
  [0xb9, 0xba, "l>d"],
  [0xbb, 0xbb, "f>d"],
  [0xbc, 0xbc, "f>i"],
  [0xbd, 0xbd, "d>l"],
  [0xbe, 0xbe, "i>f"],
  [0xbf, 0xbf, "l>d"],
  [0xc0, 0xc1, "i>i"],
  [0xc2, 0xc4, "l>l"],
  [0xfc00, 0xfc01, "f>i"],
  [0xfc02, 0xfc03, "d>i"],
  [0xfc04, 0xfc05, "f>l"],
  [0xfc06, 0xfc07, "d>l"],
];
const LOADS = "ilfdiiiillllll";
const STORES = "ilfdiilll";

const isType = (letter: string): letter is Type => letter in CONSTANT;
const typesOf = (letters: string): Type[] => letters.split("").filter(isType);
const encoded = (opcode: number) => (opcode > 0xff ? [opcode >> 8, opcode & 0xff] : [opcode]);
const hex = (opcode: number) => `0x${opcode.toString(16).padStart(2, "0")}`;

/** Each operation as a function's code. */
const OPERATIONS = new Map<number, readonly number[]>();
for (const [first, last, signature] of NUMERIC) {
  const [operands = "", result = ""] = signature.split(">");
  for (let opcode = first; opcode <= last; opcode += 1) {
    OPERATIONS.set(opcode, [
      ...typesOf(operands).flatMap((type) => CONSTANT[type]),
      ...encoded(opcode),
      ...typesOf(result).flatMap((type) => AS_I32[type]),
    ]);
  }
}
/** An offset that needs two bytes, the first of which is a loop's opcode with the sign of more to come. */
const AT = [0, ...u32(0x83)];
for (const [index, type] of typesOf(LOADS).entries()) {
  OPERATIONS.set(0x28 + index, [0x41, 1, 0x28 + index, ...AT, ...AS_I32[type]]);
}
for (const [index, type] of typesOf(STORES).entries()) {
  OPERATIONS.set(0x36 + index, [0x41, 1, ...CONSTANT[type], 0x36 + index, ...AT, 0x41, 1, 0x28, ...AT]);
}

const BLOCK = [0x02, 0x40];
const [END, DROP] = [0x0b, 0x1a];
/** Everything that has immediates or steers: the code, its result for the argument 5, and its fuel. */
const OTHERS: readonly (readonly [
  opcode: number,
  what: string,
  made: HandMade,
  result: number,
  fuel: number,
])[] = [
  [0x01, "nop", { code: [0x01, 0x01, 0x41, 9] }, 9, 1],
  [0x02, "block", { code: [0x02, 0x7f, 0x41, 9, END] }, 9, 1],
  [0x03, "loop", { code: [0x03, 0x7f, 0x41, 9, END] }, 9, 2],
  [0x04, "if and else", { code: [0x20, 0, 0x04, 0x7f, 0x41, 1, 0x05, 0x41, 2, END] }, 1, 1],
  [0x0c, "br", { code: [...BLOCK, 0x0c, 0, END, 0x41, 9] }, 9, 1],
  [0x0d, "br_if", { code: [...BLOCK, 0x20, 0, 0x0d, 0, 0x41, 8, 0x0f, END, 0x41, 9] }, 9, 1],
  [
    0x0e,
    "br_table",
    { code: [...BLOCK, ...BLOCK, 0x20, 0, 0x0e, 2, 0, 0, 1, END, 0x41, 8, 0x0f, END, 0x41, 9] },
    9,
    1,
  ],
  [0x0f, "return", { code: [0x41, 9, 0x0f] }, 9, 1],
  [0x10, "call", { code: [0x20, 0, 0x10, 1], others: [{ code: [0x20, 0, 0x41, 2, 0x6c] }] }, 10, 1],
  [
    0x11,
    "call_indirect",
    { code: [0x20, 0, 0x41, 1, 0x11, 0, 0], others: [{ code: [0x20, 0, 0x41, 3, 0x6c] }] },
    15,
    1,
  ],
  [DROP, "drop", { code: [0x41, 9, 0x41, 8, DROP] }, 9, 1],
  [0x1b, "select", { code: [0x41, 9, 0x41, 8, 0x20, 0, 0x1b] }, 9, 1],
  [0x20, "local.get", { code: [0x20, 0] }, 5, 1],
  [0x21, "local.set", { code: [0x41, 9, 0x21, 0, 0x20, 0] }, 9, 1],
  [0x22, "local.tee", { code: [0x41, 9, 0x22, 0, 0x20, 0, 0x6a] }, 18, 1],
  [0x23, "global.get", { code: [0x23, 0] }, 65_536, 1],
  [0x24, "global.set", { code: [0x41, 9, 0x24, 0, 0x23, 0] }, 9, 1],
  [0x3f, "memory.size", { code: [0x3f, 0] }, 1, 1],
  [0x40, "memory.grow", { code: [0x41, 1, 0x40, 0, 0x3f, 0, 0x6a] }, 3, 1],
  [0x41, "i32.const", { code: [0x41, ...s32(-1)] }, -1, 1],
  [0x42, "i64.const", { code: [0x42, ...s32(0x0b_03), 0xa7] }, 0x0b_03, 1],
  [0x43, "f32.const", { code: [0x43, 0x03, 0x40, 0x0b, 0x3f, 0xbc] }, 0x3f_0b_40_03, 1],
  [
    0x44,
    "f64.const",
    { code: [0x44, 0x03, 0x40, 0x0b, 0xfc, 0x0a, 0x03, 0x40, 0x0b, 0xbd, 0xa7] },
    -66371581,
    1,
  ],
  [0xfc0a, "memory.copy", { code: [0x41, 0, 0x41, 8, 0x41, ...s32(640), 0xfc, 0x0a, 0, 0, 0x20, 0] }, 5, 11],
  [0xfc0b, "memory.fill", { code: [0x41, 0, 0x41, 8, 0x41, ...s32(640), 0xfc, 0x0b, 0, 0x20, 0] }, 5, 11],
];

const withoutFuel = async (made: HandMade): Promise<unknown> => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  new Uint8Array(memory.buffer).fill(0x77);
  const { exports } = await WebAssembly.instantiate(await compileModule(handMade(made)), {
    a: { m: memory },
  });
  const run = exports["f"];
  if (typeof run !== "function") throw new Error("f is not exported");
  return Reflect.apply(run, undefined, [5]);
};

const END_AND_ELSE = [0x05, END];
const UNREACHABLE = 0x00;
const KNOWN = new Set([
  ...OPERATIONS.keys(),
  ...OTHERS.map(([opcode]) => opcode),
  ...END_AND_ELSE,
  UNREACHABLE,
]);

describe("every opcode that the rewriter knows", () => {
  it.each([...OPERATIONS].map(([opcode, code]) => [hex(opcode), code] as const))(
    "computes with %s what it did before, for one unit",
    async (_name, code) => {
      const made = { parameters: 1, code };
      const module = await startRewritten(made);
      new Uint8Array(module.memory.buffer).fill(0x77);
      expect(module.run(10, 5)).toEqual({ result: await withoutFuel(made), used: 1 });
    },
  );

  it.each(OTHERS.map((row) => [`${hex(row[0])}, ${row[1]},`, row] as const))(
    "does with %s what it did before, for its fuel",
    async (_name, [, , made, result, used]) => {
      const whole = { parameters: 1, ...made };
      expect(await withoutFuel(whole)).toBe(result);
      const module = await startRewritten(whole);
      expect(module.run(100, 5)).toEqual({ result, used });
      // One unit less, and it does not get to its end.
      const again = await startRewritten(whole);
      expect(() => again.run(used - 1, 5)).toThrow(WebAssembly.RuntimeError);
      expect(again.fuel()).toBeLessThan(0);
    },
  );

  it("leaves `unreachable` what it is", async () => {
    const module = await startRewritten({ code: [UNREACHABLE] });
    expect(() => module.run(10)).toThrow(WebAssembly.RuntimeError);
    expect(module.fuel()).toBe(9);
  });
});

const refusal = (code: readonly number[]) => () => rewrite(handMade({ code: [...code, 0x41, 0] }), RULES);
const ZEROS = Array.from({ length: 20 }, () => 0);

describe("every other opcode", () => {
  it.each([
    ["0x06", "exceptions"],
    ["0x07", "exceptions"],
    ["0x08", "exceptions"],
    ["0x09", "exceptions"],
    ["0x0a", "exceptions"],
    ["0x18", "exceptions"],
    ["0x19", "exceptions"],
    ["0x1f", "exceptions"],
    ["0x12", "tail calls"],
    ["0x13", "tail calls"],
    ["0x1c", "reference types"],
    ["0x25", "reference types"],
    ["0x26", "reference types"],
    ["0xd0", "reference types"],
    ["0xd1", "reference types"],
    ["0xd2", "reference types"],
    ["0xfb", "garbage collection"],
    ["0xfd", "SIMD"],
    ["0xfe", "threads"],
    ["0xfc08", "passive data"],
    ["0xfc09", "passive data"],
    ["0xfc0c", "bulk operations on tables"],
    ["0xfc0e", "bulk operations on tables"],
    ["0xfc12", "nothing known"],
    ["0xff", "nothing known"],
  ])("%s is refused by its name: %s", (name, proposal) => {
    const refused = refusal([...encoded(Number(name)), ...ZEROS]);
    expect(refused).toThrow(new RegExp(`unknown opcode ${name} at byte 1 of a body \\(${proposal}`));
  });

  it("is refused, whichever it is", () => {
    const opcodes = [
      ...Array.from({ length: 0xfc }, (_, opcode) => opcode),
      0xfd,
      0xfe,
      0xff,
      ...Array.from({ length: 0x80 }, (_, second) => 0xfc00 + second),
    ];
    for (const opcode of opcodes.filter((each) => !KNOWN.has(each))) {
      expect(refusal([...encoded(opcode), ...ZEROS]), hex(opcode)).toThrow(`unknown opcode ${hex(opcode)} `);
    }
  });

  it.each([
    ["a load from", [0x41, 0, 0x28, 0x42, 1, 0, DROP]],
    ["a store to", [0x41, 0, 0x41, 0, 0x36, 0x42, 1, 0]],
    ["the size of", [0x3f, 1, DROP]],
    ["growth of", [0x41, 0, 0x40, 1, DROP]],
    ["filling", [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0b, 1]],
    ["copying to", [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0a, 1, 0]],
    ["copying from", [0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 0x0a, 0, 1]],
  ])("refuses %s a second memory", (_what, code) => {
    expect(refusal(code)).toThrow("more than one memory");
  });
});
