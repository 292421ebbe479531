import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** In bytes: what array buffers take that something still holds. In Node. */
export const buffersHeld = (): number => {
  setFlagsFromString("--expose-gc");
  // What one collection finds is counted as freed by the next at the latest.
  runInNewContext("gc(); gc()");
  return process.memoryUsage().arrayBuffers;
};
