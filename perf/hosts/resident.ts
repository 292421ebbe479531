import { readdirSync, readFileSync } from "node:fs";

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process is gone, or this is no Linux.
    return "";
  }
};

const processes = (): readonly string[] => {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
};

/** This process's own children of that name, by id. Empty where there is no `/proc`. */
export const childrenNamed = (name: string): readonly string[] =>
  processes().filter((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    // The name stands in brackets and may hold anything.
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(parent) === process.pid && stat.includes(`(${name})`);
  });

/** `VmRSS` in bytes. */
export const residentBytes = (pid: string): number | undefined => {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kib === undefined ? undefined : Number(kib) * 1_024;
};
