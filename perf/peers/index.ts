import { type Child, startChild } from "../hosts/child.ts";
import type { PeerName, PeerTiming } from "../results/figures.ts";
import { readPeerTiming } from "../measure/read-measured.ts";
import type { Scenario } from "../scenarios/index.ts";
import { bundleWorker } from "../hosts/bundle-worker.ts";
import { startWorkerd } from "../hosts/workerd.ts";
import { installPeers } from "./install.ts";

/** Those that one process each measures, in Node. V8's own snapshot of Node's start is in isolated-vm's way. */
const NODE_PEERS: readonly { readonly name: PeerName; readonly flags: readonly string[] }[] = [
  { name: "isolated-vm", flags: ["--no-node-snapshot"] },
  { name: "quickjs-emscripten", flags: [] },
  { name: "quickjs-emscripten-module", flags: [] },
];

/** What others take for the same work. One that fails is absent from then on, and fails nothing else. */
export interface Peers {
  readonly measureInNode: (scenario: Scenario) => Promise<Readonly<Partial<Record<PeerName, PeerTiming>>>>;
  readonly measureInWorkerd: (scenario: Scenario) => Promise<Readonly<Partial<Record<PeerName, PeerTiming>>>>;
  readonly absent: () => Readonly<Partial<Record<PeerName, string>>>;
  readonly end: () => void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const startPeers = (): Peers => {
  const absent: Partial<Record<PeerName, string>> = {};
  const children = new Map<PeerName, Child>();
  const missing = installPeers();
  for (const { name, flags } of NODE_PEERS) {
    if (missing === undefined) children.set(name, startChild(`perf/peers/${name}.ts`, flags));
    else absent[name] = missing;
  }

  const tryOne = async (
    name: PeerName,
    measure: () => Promise<unknown>,
  ): Promise<Partial<Record<PeerName, PeerTiming>>> => {
    if (absent[name] !== undefined) return {};
    try {
      return { [name]: readPeerTiming(await measure()) };
    } catch (error) {
      absent[name] = messageOf(error);
      return {};
    }
  };

  const measureLoader = async (scenario: Scenario): Promise<unknown> => {
    // One for each scenario: workerd keeps every dynamic Worker for as long as it lives, megabytes each.
    const workerd = await startWorkerd(await bundleWorker("perf/peers/loader-worker.ts"), {
      workerLoaders: { LOADER: {} },
    });
    try {
      return await workerd.ask({ what: "runs", scenario: scenario.name, program: null });
    } finally {
      await workerd.end();
    }
  };

  return {
    measureInNode: async (scenario) => {
      const timings: Partial<Record<PeerName, PeerTiming>> = {};
      if (!scenario.peers) return timings;
      for (const [name, child] of children) {
        const ask = () => child.ask({ what: "runs", scenario: scenario.name, program: null });
        Object.assign(timings, await tryOne(name, ask));
      }
      return timings;
    },
    measureInWorkerd: async (scenario) =>
      scenario.peers ? tryOne("worker-loader", () => measureLoader(scenario)) : {},
    absent: () => absent,
    end: () => {
      for (const child of children.values()) child.end();
    },
  };
};
