import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { ROOT } from "../scripts/prepare.ts";

export const cpuModel = (): string => cpus()[0]?.model ?? "unknown";

/** As git names it; `-dirty` when what was measured is not what is committed. */
export const commitNow = (): string => {
  const args = ["describe", "--always", "--abbrev=40", "--exclude=*", "--dirty"];
  try {
    return execFileSync("git", args, {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
};
