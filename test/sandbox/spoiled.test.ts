import type { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { BREAK_AT, HEAP_START, STACK_TOP, STATIC_END } from "../../build/engine-layout.ts";
import type { Capability } from "../../src/runtime/index.ts";
import { cleanRoom, type Room } from "../support/clean-room.ts";
import { requestOf } from "../support/sandbox.ts";
import { engineStage } from "../support/stages.ts";
import { CANARY, hasCanary } from "../support/watch.ts";

/** A host call that does to the engine's memory what a bug of the engine would let a script do. */
const spoiling = (room: Room, spoil: (memory: Buffer) => void): Capability => ({
  name: "spoiling",
  sync: {
    spoil: {
      price: () => 0,
      call: () => {
        spoil(room.watch.memory());
        return null;
      },
    },
  },
});
const runSpoilt = (room: Room, account: string, code: string, spoil: (memory: Buffer) => void) => {
  const request = requestOf(code, { limits: { cpuMs: 5, wallMs: 200 } });
  const grants = [...request.grants, spoiling(room, spoil)];
  return room.sandbox.runtime.run({ ...request, grants, share: { ...request.share, account } }).end;
};

const writeAt = (at: number | "end") => (memory: Buffer) => {
  const from = at === "end" ? memory.length - 64 : at;
  memory.write(`${CANARY}spoilt`, from, "utf8");
  memory.write(`${CANARY}spoilt`, from + 16, "utf16le");
};
const PLACES: readonly (readonly [string, (memory: Buffer) => void])[] = [
  ["over the break word", (memory) => memory.writeUInt32LE(HEAP_START, BREAK_AT)],
  ["over the break word, beyond the end", (memory) => memory.writeUInt32LE(0xffff_fff0, BREAK_AT)],
  ["above the break", writeAt("end")],
  ["into the middle of the stack region", writeAt(Math.floor((STATIC_END + STACK_TOP) / 2))],
  ["at the stack region's lower end", writeAt(STATIC_END)],
  ["at the stack's top", writeAt(STACK_TOP - 64)],
  ["into static data", writeAt(STATIC_END - 4_096)],
  ["over the whole stack region", (memory) => memory.fill(`${CANARY}stack`, STATIC_END, STACK_TOP)],
  ["over all that is above the first heap", (memory) => memory.fill(`${CANARY}heap`, HEAP_START + 700_000)],
];

describe("memory that was written over from outside", () => {
  it.each(PLACES)("is pristine for the next account: %s", async (_where, spoil) => {
    const room = await cleanRoom(engineStage);
    for (const ending of ["throw new Error('spoilt')", "return 1", "for (;;) {}"]) {
      await runSpoilt(room, "spoiler", `export default () => { host('spoil'); ${ending} }`, spoil);
      await room.expectClean("witness");
      expect(room.sandbox.faults).toEqual([]);
    }
  });

  it("is pristine for a sleeper's neighbours, and the sleeper's own writes do not outlive it", async () => {
    const room = await cleanRoom(engineStage);
    const code =
      "export default async () => { host('spoil'); await sleep(1); host('spoil'); await sleep(1); return 1 }";
    const run = runSpoilt(room, "spoiler", code, writeAt("end"));
    await room.expectClean("witness");
    await run;
    await room.expectClean("witness");
  });
});

describe("the canary", () => {
  it("is found while its run is there, so that a search can fail", async () => {
    const room = await cleanRoom(engineStage);
    let seen = [false, false];
    const code = `globalThis.a = ["${CANARY}x" + 1, "${CANARY}\\u2603" + 1]; export default () => { host('spoil'); return 1 }`;
    await runSpoilt(room, "spoiler", code, (memory) => {
      seen = [memory.includes(`${CANARY}x1`, 0, "utf8"), memory.includes(`${CANARY}\u2603`, 0, "utf16le")];
      expect(hasCanary(memory)).toBe(true);
    });
    expect(seen).toEqual([true, true]);
    await room.expectClean("witness");
  });
});

/** xorshift32: the same writes on every repeat. */
const randomOf = (seed: number) => {
  let state = seed * 2_654_435_761 || 1;
  return (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};
type Random = ReturnType<typeof randomOf>;

/** What an attacker of the engine's memory would forge: lengths, counts, pointers. */
const FORGED = [
  0,
  1,
  40,
  0x7fff_ffff,
  0x8000_0000,
  0xffff_ffff,
  0xffff_fff8,
  STACK_TOP,
  HEAP_START,
  BREAK_AT,
];

/** A forged word, or one bit of what is there. */
const forge = (memory: Buffer, at: number, random: Random): void => {
  const forged = FORGED[random(FORGED.length)] ?? 0;
  const flipped = (memory.readUInt32LE(at) ^ (1 << random(32))) >>> 0;
  memory.writeUInt32LE(random(2) === 0 ? forged : flipped, at);
};
/** The words before the script's own texts and buffers: the engine's headers, with counts, lengths and pointers. */
const forgeHeaders = (memory: Buffer, random: Random): void => {
  for (let at = memory.indexOf(CANARY); at >= 0; at = memory.indexOf(CANARY, at + 1)) {
    for (let write = 0; write < 3; write += 1) forge(memory, (at & ~3) - 4 * random(12), random);
  }
};
const forgeAnywhere = (memory: Buffer, random: Random, writes: number): void => {
  const [from, to] = random(4) === 0 ? [0, STATIC_END] : [HEAP_START, memory.length];
  for (let write = 0; write < writes; write += 1) forge(memory, from + 4 * random((to - from) / 4), random);
};

/** Uses what was spoilt, inside the engine and over the border, before and after a sleep. */
const WORK = `
globalThis.marks = ["${CANARY}a" + Math.random(), "${CANARY}\\u2603" + 1, Uint8Array.of(99, 97, 57, 97, 114, 121, 45, 1).buffer];
export default async () => {
  const attempt = (call) => { try { return call() } catch {} };
  const work = () => {
    const made = Array.from({ length: 50 }, (_, i) => ({ i, s: "k" + i, f: () => i }));
    const text = JSON.stringify(made) + [..."abc"].map((c) => c + c).join("-") + (2n ** 70n) + /a(b)c/.exec("abc");
    const map = new Map(made.map((each) => [each.s, each]));
    attempt(() => null.x);
    print(text.slice(0, 50));
    for (const mark of marks) for (const op of ["log", "answer-part", "cancel", mark]) attempt(() => host(op, mark));
    attempt(() => host("log", JSON.stringify({ level: "log", text: marks[1] })));
    return [map.size, text.length, made.sort((a, b) => b.i - a.i).length];
  };
  const first = work();
  host("spoil");
  const second = work();
  await sleep(0);
  return [first, second, work()];
}`;

describe("an engine whose memory is spoilt in the middle of a run", () => {
  it("still ends, as a run and not as a fault, and the next account's is pristine", async () => {
    const room = await cleanRoom(engineStage);
    const ends = new Set<string>();
    for (let seed = 1; seed <= 120; seed += 1) {
      const random = randomOf(seed);
      const outcome = await runSpoilt(room, "spoiler", WORK, (memory) => {
        if (seed % 2 === 0) forgeHeaders(memory, random);
        else forgeAnywhere(memory, random, [20, 1_000, 20_000][random(3)] ?? 0);
      });
      ends.add(outcome.kind === "exceeded" ? outcome.limit : outcome.kind);
      expect([seed, room.sandbox.faults.splice(0)]).toEqual([seed, []]);
      await room.expectClean("witness");
    }
    // Some went on unharmed, and some in every other way did not.
    expect([...ends]).toEqual(expect.arrayContaining(["returned", "memory", "cpu"]));
  });
});
