import { join } from "node:path";
import { engineModule } from "../test/support/node-engine.ts";
import { ROOT, runTool } from "../scripts/prepare.ts";
import { evaluateBundle } from "./evaluate-bundle.ts";
import { measureHitPath } from "./hit-path.ts";
import { startNode } from "./hosts/measure-node.ts";
import { createWorkerdHost } from "./hosts/measure-workerd.ts";
import { commitNow, cpuModel } from "./machine.ts";
import { measureFuel } from "./measure/fuel.ts";
import { compileScenarios } from "./measure/program.ts";
import { startPeers } from "./peers/index.ts";
import { scenarioFigures } from "./results/assemble.ts";
import type { Results, ScenarioFigures } from "./results/figures.ts";
import { percentile } from "./results/percentile.ts";
import { SCENARIOS } from "./scenarios/index.ts";

/** Told what begins, so that nobody looks at a silent screen for minutes. */
export type Progress = (what: string) => void;

type Scripted = Pick<Results, "scenarios" | "workerd" | "absent" | "restores">;

const measureScripted = async (progress: Progress): Promise<Scripted> => {
  progress("compiling the scenarios' scripts, counting their fuel");
  const module = await engineModule();
  const programs = await compileScenarios(module);
  const exact = await measureFuel(module, programs);
  progress("installing the peers, where they are missing");
  const peers = startPeers();
  const node = startNode(programs);
  const workerd = await createWorkerdHost(programs);
  try {
    const inNode: Record<string, ScenarioFigures> = {};
    const inWorkerd: Record<string, ScenarioFigures> = {};
    for (const scenario of SCENARIOS) {
      const { name, about } = scenario;
      progress(`${name} (${about}): Node${scenario.peers ? " and the peers there" : ""}`);
      const measured = await node.measure(scenario);
      const nodePeers = await peers.measureInNode(scenario);
      progress(`${name}: workerd${scenario.peers ? " and dynamic Workers" : ""}`);
      const there = await workerd.measure(scenario);
      const workerdPeers = await peers.measureInWorkerd(scenario);
      const all = { ...nodePeers, ...workerdPeers };
      inNode[name] = scenarioFigures("node", scenario, measured, all, exact[name]);
      inWorkerd[name] = scenarioFigures("workerd", scenario, there, workerdPeers, undefined);
    }
    progress("restores");
    const restores = await node.restores();
    return { scenarios: inNode, workerd: inWorkerd, absent: peers.absent(), restores };
  } finally {
    node.end();
    peers.end();
    await workerd.end();
  }
};

/** Everything, from scratch: some four minutes on two cores. `build()` comes before it. */
export const measureAll = async (progress: Progress): Promise<Results> => {
  const scripted = await measureScripted(progress);
  progress("bundling, and evaluating the bundle in fresh processes");
  const out = join(ROOT, "build", "bundle");
  if (runTool("wrangler", ["deploy", "--dry-run", "--outdir", out], { WRANGLER_LOG: "error" }) !== 0) {
    throw new Error("The Worker does not bundle; see above.");
  }
  const evaluations = evaluateBundle();
  progress("hits on a static responder in workerd");
  const hits = await measureHitPath();
  return {
    commit: commitNow(),
    date: new Date().toISOString(),
    cpu: cpuModel(),
    node: process.version,
    ...scripted,
    evaluation: {
      host: "node",
      p50Ms: Number(percentile(evaluations, 0.5).toFixed(1)),
      maxMs: Number(percentile(evaluations, 1).toFixed(1)),
    },
    hitPath: { host: "workerd", scenarios: hits },
  };
};
