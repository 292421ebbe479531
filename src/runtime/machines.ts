import type { HeapClass } from "./limits.ts";
import { createMachine, type Machine, type MachineDeps, type MachineFigures } from "./machine.ts";

/** The isolate's instances: one of each heap class, made when it is first wanted. */
export interface Machines {
  /** For a run that begins. It may use the machine until it leaves, or until `until`, whatever has become of it. */
  readonly hire: (heapMb: HeapClass, until: number) => Hire;
  readonly byteLength: () => number;
  readonly figures: () => MachineFigures & { readonly instances: number };
}

export interface Hire {
  readonly machine: Machine;
  readonly leave: () => void;
}

export interface MachinesDeps extends Omit<MachineDeps, "heapMb"> {
  readonly now: () => number;
}

interface Station {
  readonly machine: Machine;
  readonly madeAt: number;
  users: number;
  /** When the last user is gone for certain, even one whose request died without a word. */
  busyUntil: number;
  usedAt: number;
}

/** An instance costs a millisecond or two, so one that has grown is not dropped again and again. */
const GROWN_FOR_MS = 10_000;
/** The larger class is half of an isolate's memory when it has grown, and wanted by few. */
const IDLE_FOR_MS = 30_000;

export const createMachines = (deps: MachinesDeps): Machines => {
  const stations = new Map<HeapClass, Station>();
  const dropped = { short: 0, full: 0, swaps: 0 };

  const drop = (heapMb: HeapClass, { machine }: Station): void => {
    const { restores, swaps } = machine.figures();
    dropped.short += restores.short;
    dropped.full += restores.full;
    dropped.swaps += swaps;
    stations.delete(heapMb);
  };
  /** Wasm memory never shrinks: what has grown, or is not wanted any more, goes when nobody is in it. */
  const retire = (now: number): void => {
    for (const [heapMb, station] of stations) {
      if (station.users > 0 && station.busyUntil > now) continue;
      const grown = station.machine.hasGrown() && now - station.madeAt >= GROWN_FOR_MS;
      const idle = heapMb !== 10 && now - station.usedAt >= IDLE_FOR_MS;
      if (grown || idle) drop(heapMb, station);
    }
  };
  const make = (heapMb: HeapClass, now: number): Station => {
    const station: Station = {
      machine: createMachine({ ...deps, heapMb }),
      madeAt: now,
      users: 0,
      busyUntil: 0,
      usedAt: now,
    };
    stations.set(heapMb, station);
    return station;
  };

  return {
    hire: (heapMb, until) => {
      const now = deps.now();
      retire(now);
      const station = stations.get(heapMb) ?? make(heapMb, now);
      station.users = station.busyUntil > now ? station.users + 1 : 1;
      station.busyUntil = Math.max(station.busyUntil, until);
      station.usedAt = now;
      const leave = (): void => {
        station.users = Math.max(0, station.users - 1);
      };
      return { machine: station.machine, leave };
    },
    byteLength: () => [...stations.values()].reduce((sum, { machine }) => sum + machine.byteLength(), 0),
    figures: () => {
      const figures = [...stations.values()].map(({ machine }) => machine.figures());
      const sum = (start: number, pick: (each: MachineFigures) => number): number =>
        figures.reduce((total, each) => total + pick(each), start);
      return {
        instances: stations.size,
        restores: {
          short: sum(dropped.short, (each) => each.restores.short),
          full: sum(dropped.full, (each) => each.restores.full),
        },
        swaps: sum(dropped.swaps, (each) => each.swaps),
      };
    },
  };
};
