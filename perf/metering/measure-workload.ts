import { bareContext, bareEngine } from "../../scripts/engine/instance.ts";

export interface Spent {
  readonly ms: number;
  readonly fuel: number;
}

const ENOUGH_FUEL = 1_000_000_000_000_000n;

/** CPU of this process, in ms: wall time would count what else the machine does. */
const cpuNow = (): number => process.cpuUsage().user / 1_000;

/** One run of a workload to its last job, compiled from its text, in a context of its own. */
export const measureWorkload = (module: WebAssembly.Module, body: string): Spent => {
  const engine = bareEngine(module);
  const { evaluate } = bareContext(engine, ENOUGH_FUEL);
  const fuel = engine.global("fuel");
  const before = Number(fuel.value);
  const begun = cpuNow();
  evaluate(`(async () => { ${body} })().then(() => { globalThis.done = true; });`);
  const spent = { ms: cpuNow() - begun, fuel: before - Number(fuel.value) };
  evaluate("if (!done) throw new Error('a workload failed');");
  return spent;
};

export const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
