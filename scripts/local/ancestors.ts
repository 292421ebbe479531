import { spawnSync } from "node:child_process";

const parentOf = (pid: number): { parent: number; command: string } | undefined => {
  const told = spawnSync("ps", ["-o", "ppid=,comm=", "-p", String(pid)], { encoding: "utf8" }).stdout;
  const [, parent, command] = /^\s*(\d+)\s+(.*)$/m.exec(told ?? "") ?? [];
  return parent === undefined || command === undefined ? undefined : { parent: Number(parent), command };
};

/**
 * The processes whose end must be ours: the parent and, through shells and the set-up, npm itself.
 * Stops at the first that was not started by `npm` for this script.
 */
const launchers = (): readonly number[] => {
  const found: number[] = [process.ppid];
  let at = process.ppid;
  // node setup.mjs ← sh -c ← npm: at most three steps up, only when npm runs us.
  for (let step = 0; step < 2 && process.env["npm_lifecycle_event"] !== undefined; step += 1) {
    const above = parentOf(at)?.parent;
    if (above === undefined || above <= 1) break;
    const command = parentOf(above)?.command ?? "";
    if (!/^(npm|node|sh|dash|bash)/.test(command)) break;
    found.push(above);
    at = above;
    if (command.startsWith("npm")) break;
  }
  return found;
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Calls `onGone` once, within a second of the end of any process that started this one. */
export const watchLaunchers = (onGone: () => void): void => {
  const watched = launchers();
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent && watched.every(exists)) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
};
