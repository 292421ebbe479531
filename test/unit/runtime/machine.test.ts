import { describe, expect, it } from "vitest";
import { createBaseImages } from "../../../src/runtime/base-images.ts";
import { BLOCK_BYTES, HEAP_FROM, STACK_TOP, STATIC_END } from "../../../src/runtime/engine-layout.ts";
import { blockSetBytes, type RunImage, type ScriptImage } from "../../../src/runtime/image.ts";
import { createMachine, type Machine, type Tenant } from "../../../src/runtime/machine.ts";
import { engineModule } from "../../support/node-engine.ts";
import { testPrelude } from "../../support/test-prelude.ts";

const module = await engineModule();
const images = createBaseImages();

interface Bench {
  readonly machine: Machine;
  readonly image: RunImage;
  readonly restored: string[];
  /** Every byte, as the last run found it. */
  readonly found: () => Uint8Array;
  readonly tenant: (account: string, more?: Partial<Tenant>) => Tenant;
  readonly bytes: () => Uint8Array;
}

const bench = (hasRoom: (bytes: number) => boolean = () => true): Bench => {
  const restored: string[] = [];
  let found = new Uint8Array(0);
  const onRestored = (memory: Uint8Array, how: string): void => {
    restored.push(how);
    found = memory.slice();
  };
  const machine = createMachine({ module, heapMb: 10, hasRoom });
  const image = { base: images.of(machine, testPrelude), script: undefined };
  const tenant = (account: string, more: Partial<Tenant> = {}): Tenant => ({
    account,
    confidential: false,
    image,
    hooks: { now: () => 0, sinceStart: () => 0, call: () => 0, mustStop: () => false },
    keep: () => true,
    onRestored,
    fuel: 100_000_000,
    heapTop: image.base.heapTop,
    kept: undefined,
    refused: undefined,
    lost: false,
    ...more,
  });
  const bytes = (): Uint8Array => new Uint8Array(machine.memory.buffer);
  return { machine, image, restored, found: () => found, tenant, bytes };
};

const evaluate = ({ engine }: Machine, source: string): number => {
  const completion = engine.evaluate(source, "test", "script");
  return completion.ok ? engine.number(completion.value) : Number.NaN;
};
/** What a memory has outside of its image that is not zero. */
const strays = (memory: Uint8Array, { base }: RunImage): number[] =>
  [...memory.keys()].filter((at) => {
    const image = at < STATIC_END ? base.statics[at] : at < HEAP_FROM ? 0 : (base.heap[at - HEAP_FROM] ?? 0);
    return memory[at] !== image;
  });
const run = (
  made: Bench,
  account: string,
  work: () => void,
  returned = true,
  more: Partial<Tenant> = {},
): void => {
  const tenant = made.tenant(account, more);
  made.machine.enter(tenant);
  work();
  made.machine.leave(tenant, returned);
};

describe("what a run finds", () => {
  it("is its image and zeros, wherever another account's run has written", () => {
    const made = bench();
    run(made, "a", () => made.bytes().fill(7));
    run(made, "b", () => undefined);
    expect(made.restored).toEqual(["full", "full"]);
    expect(strays(made.found(), made.image)).toEqual([]);
  });

  it("is its image and zeros after the account's own run too, as far as that run's heap and stack went", () => {
    const made = bench();
    run(made, "a", () => {
      expect(evaluate(made.machine, "globalThis.kept = new Uint8Array(900000).fill(7); 5")).toBe(5);
      made.bytes().fill(7, STACK_TOP - 200_000, STACK_TOP);
    });
    run(made, "a", () => undefined);
    expect(made.restored).toEqual(["full", "short"]);
    expect(strays(made.found(), made.image)).toEqual([]);
  });

  it("is restored in full after any ending but 'returned'", () => {
    const made = bench();
    run(made, "a", () => made.bytes().fill(7), false);
    run(made, "a", () => undefined);
    expect(made.restored).toEqual(["full", "full"]);
    expect(strays(made.found(), made.image)).toEqual([]);
  });

  it("is restored in full after a confidential run, and while one sleeps, also for its own account", () => {
    const made = bench();
    run(made, "a", () => made.bytes().fill(7, 10_000_000), true, { confidential: true });
    run(made, "a", () => undefined);
    expect(strays(made.found(), made.image)).toEqual([]);
    const sleeper = made.tenant("a", { confidential: true });
    made.machine.enter(sleeper);
    made.bytes().fill(7, 10_000_000);
    run(made, "a", () => undefined);
    expect(strays(made.found(), made.image)).toEqual([]);
    expect(made.restored).toEqual(["full", "full", "short", "full"]);
  });

  it("has no heap of another's, although a guest forged the word that says where the heap ends", () => {
    const made = bench();
    run(made, "a", () => {
      evaluate(made.machine, "globalThis.kept = new Uint8Array(900000).fill(7); 1");
      new DataView(made.machine.memory.buffer).setUint32(96_576, HEAP_FROM + 1_000, true);
    });
    run(made, "a", () => undefined);
    expect(strays(made.found(), made.image)).toEqual([]);
  });

  it("is a script's image exactly when it is that script's run", () => {
    const made = bench();
    const base = made.image;
    const address = HEAP_FROM + BLOCK_BYTES * 40;
    const beyond = HEAP_FROM + base.base.heap.length + BLOCK_BYTES;
    const script: ScriptImage = {
      blocks: {
        addresses: Uint32Array.of(1_024, address, beyond),
        bytes: new Uint8Array(3 * BLOCK_BYTES).fill(9),
      },
      heapTop: beyond + BLOCK_BYTES,
      main: undefined,
    };
    const own = made.tenant("a", { image: { base: base.base, script }, heapTop: script.heapTop });
    made.machine.enter(own);
    expect([1_024, address, beyond].map((at) => made.found()[at])).toEqual([9, 9, 9]);
    expect(strays(made.found(), base)).toHaveLength(
      3 * BLOCK_BYTES -
        [...base.base.heap.subarray(BLOCK_BYTES * 40, BLOCK_BYTES * 41)].filter((byte) => byte === 9).length -
        [...base.base.statics.subarray(1_024, 1_024 + BLOCK_BYTES)].filter((byte) => byte === 9).length,
    );
    made.machine.leave(own, true);
    run(made, "a", () => undefined);
    expect(made.restored).toEqual(["full", "short"]);
    expect(strays(made.found(), base)).toEqual([]);
  });
});

describe("a run that sleeps", () => {
  it("goes on with its own memory, fuel and heap after others have used the machine", () => {
    const made = bench();
    const sleeper = made.tenant("a");
    made.machine.enter(sleeper);
    evaluate(made.machine, "globalThis.mine = { list: Array.from({ length: 50000 }, (_, i) => i) }; 0");
    const [fuel, top] = [made.machine.engine.fuel(), made.machine.engine.heapTop()];
    for (const account of ["a", "b", "c"])
      run(made, account, () => evaluate(made.machine, "globalThis.mine = 5"), false);
    made.machine.enter(sleeper);
    expect([made.machine.engine.fuel(), made.machine.engine.heapTop()]).toEqual([fuel, top]);
    expect(evaluate(made.machine, "mine.list.reduce((a, b) => a + b)")).toBe(1_249_975_000);
  });

  it("keeps only what differs from its image, and nothing once it is back", () => {
    const made = bench();
    const held: number[] = [];
    const keep = (bytes: number): boolean => held.push(bytes) > 0;
    const sleeper = made.tenant("a", { keep });
    made.machine.enter(sleeper);
    evaluate(made.machine, "globalThis.mine = 1; 0");
    run(made, "b", () => undefined);
    expect(sleeper.kept && blockSetBytes(sleeper.kept)).toBe(held[0]);
    expect(held[0]).toBeLessThan(20_000);
    made.machine.enter(sleeper);
    expect([sleeper.kept, ...held.slice(1)]).toEqual([undefined, 0]);
  });

  it("is lost, and nothing of it kept, when there is no room for it", () => {
    const made = bench();
    const sleeper = made.tenant("a", { keep: () => false });
    made.machine.enter(sleeper);
    run(made, "b", () => undefined);
    expect([sleeper.lost, sleeper.kept]).toEqual([true, undefined]);
    made.machine.enter(sleeper);
    expect(made.machine.holds(sleeper)).toBe(false);
  });

  it("is lost when it was left in the middle of a call, as its C stack is not kept", () => {
    const made = bench();
    const sleeper = made.tenant("a", { fuel: 50_000 });
    made.machine.enter(sleeper);
    expect(() => evaluate(made.machine, "for (;;);")).toThrow(WebAssembly.RuntimeError);
    run(made, "b", () => expect(evaluate(made.machine, "1 + 1")).toBe(2));
    expect(sleeper.lost).toBe(true);
  });
});

describe("a memory that does not grow", () => {
  const big = "globalThis.big = new Uint8Array(30000000); 1";
  it("says whether its ceiling or the isolate refused", () => {
    const [free, full] = [bench(), bench(() => false)];
    for (const [made, refused] of [
      [free, "ceiling"],
      [full, "no-room"],
    ] as const) {
      const source = refused === "ceiling" ? big : "globalThis.some = new Uint8Array(3000000); 1";
      const tenant = made.tenant("a");
      made.machine.enter(tenant);
      expect(evaluate(made.machine, source)).toBeNaN();
      expect(tenant.refused).toBe(refused);
    }
  });
});
