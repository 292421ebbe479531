import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Who runs on a state folder: the launcher, the process group of what it started (0 before it did), the port. */
export interface Running {
  readonly pid: number;
  readonly group: number;
  readonly port: number;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

/** Guards against a number that another program has been given since: only our own wrangler is ended. */
const isOurs = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("wrangler");
  } catch {
    return false;
  }
};

const read = (file: string): Running | undefined => {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof parsed !== "object" || parsed === null) return undefined;
    if (!("pid" in parsed) || !("group" in parsed) || !("port" in parsed)) return undefined;
    const { pid, group, port } = parsed;
    if (typeof pid !== "number" || typeof group !== "number" || typeof port !== "number") return undefined;
    return { pid, group, port };
  } catch {
    return undefined;
  }
};

export const writePid = (file: string, running: Running): void => {
  writeFileSync(file, JSON.stringify(running));
};

export const release = (file: string): void => rmSync(file, { force: true });

export type Claim =
  | { readonly kind: "taken"; readonly by: Running }
  /** `cleared`: leftovers of a killed launcher were ended just now; their port is free in a moment. */
  | { readonly kind: "claimed"; readonly cleared: boolean };

/**
 * Takes the state folder for this process, unless another that is alive has it.
 * What a killed launcher left running is ended first, since it holds the port and the database.
 */
export const claim = (file: string, port: number): Claim => {
  mkdirSync(dirname(file), { recursive: true });
  const before = read(file);
  if (before !== undefined && before.pid !== process.pid && isAlive(before.pid))
    return { kind: "taken", by: before };
  const cleared = before !== undefined && before.group > 1 && isOurs(before.group);
  if (cleared) process.kill(-before.group, "SIGKILL");
  writePid(file, { pid: process.pid, group: 0, port });
  process.on("exit", () => release(file));
  return { kind: "claimed", cleared };
};
