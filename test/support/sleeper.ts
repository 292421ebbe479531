import type { Capability } from "../../src/runtime/index.ts";

/** How often a sleeper sleeps. */
export const STEPS = 6;

/** A module that keeps what is its own in every way a script can, and looks at all of it before and after each sleep. */
export const sleeper = (id: number, sleep = `sleep((${id} * 7 + step * 3) % 6)`): string => `
  const ID = ${id};
  let step = 0;
  const numbers = new Float64Array(3000).fill(ID);
  const bytes = new Uint8Array(20000).fill(ID);
  const text = ("id-" + ID + "-").repeat(300);
  const map = new Map(Array.from({ length: 100 }, (_, i) => ["k" + i, ID * 1000 + i]));
  const closures = Array.from({ length: 50 }, (_, i) => () => ID + i + step);
  globalThis.mine = { id: ID, list: [] };
  Array.prototype.mine = ID;
  const check = () => {
    const ours = [
      numbers.every((n) => n === ID + step), bytes.every((b) => b === ((ID + step) & 255)),
      text === ("id-" + ID + "-").repeat(300), [...map].every(([k, v], i) => k === "k" + i && v === ID * 1000 + i),
      closures.every((f, i) => f() === ID + i + step), mine.id === ID, mine.list.length === step, [].mine === ID,
    ];
    if (!ours.every(Boolean)) throw new Error("not its own: " + ours);
  };
  export default async () => {
    while (step < ${STEPS}) {
      check();
      await ${sleep};
      check();
      step += 1;
      numbers.fill(ID + step);
      bytes.fill(ID + step);
      mine.list.push(Math.random());
    }
    return [ID, mine.list];
  };`;

/** A host call, `gate`, that ends when the test says so. */
export const createGate = () => {
  const waiting: (() => void)[] = [];
  const call = (): Promise<null> => new Promise((resolve) => waiting.push(() => resolve(null)));
  const capability: Capability = { name: "gate", async: { gate: { price: () => 0, call } } };
  return {
    capability,
    open: (): void => {
      for (const go of waiting.splice(0)) go();
    },
    /** Resolves when so many calls wait; a script that has ended never comes. */
    reached: async (count: number): Promise<void> => {
      const giveUpAt = Date.now() + 10_000;
      while (waiting.length < count) {
        if (Date.now() > giveUpAt) throw new Error(`${waiting.length} of ${count} are at the gate`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  };
};
