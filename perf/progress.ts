import type { Progress } from "./measure-all.ts";

/** Lines with the seconds since the start, on the error stream: the figures may go through a pipe. */
export const startProgress = (): { readonly told: Progress; readonly seconds: () => number } => {
  const begun = performance.now();
  const seconds = (): number => Math.round((performance.now() - begun) / 1_000);
  return {
    told: (what) => void process.stderr.write(`[${String(seconds()).padStart(3)} s] ${what}\n`),
    seconds,
  };
};
