import { readdirSync, readFileSync } from "node:fs";

const statusOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
};

const fieldOf = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);

/** Resident bytes of a process and all below it. */
export const residentBytes = (root: number): number => {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), status: statusOf(pid) }));
  const isBelow = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = fieldOf(processes.find((each) => each.pid === pid)?.status ?? "", "PPid");
    return parent > 1 && isBelow(parent);
  };
  return processes
    .filter(({ pid }) => isBelow(pid))
    .reduce((sum, { status }) => sum + fieldOf(status, "VmRSS") * 1024, 0);
};
