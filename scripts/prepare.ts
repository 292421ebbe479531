import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

/** Everything under `build/`, in the order in which one needs the other. Each is quick when nothing changed. */
const BUILDS = [
  "scripts/build-engine.ts",
  "scripts/build-guest.ts",
  "scripts/build-declarations.ts",
  "scripts/build-docs.ts",
];

/** A tool of the lock file, run by the Node that runs this. Its exit code; its output goes where ours goes. */
export const runTool = (tool: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): number => {
  const done = spawnSync(join(ROOT, "node_modules", ".bin", tool), args, {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  return done.status ?? 1;
};

/** Builds what git does not hold; ends the process if a part fails, since nothing works without it. */
export const build = (): void => {
  for (const script of BUILDS) {
    if (!existsSync(join(ROOT, script))) throw new Error(`${script} is missing.`);
    const done = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (done.status !== 0) {
      process.stderr.write(`${script} failed; see above.\n`);
      process.exit(1);
    }
  }
};
