import engine from "../../build/engine.wasm";
import { sandboxOf, type Watching } from "./sandbox.ts";

/** The sandbox as it runs in workerd, with the module that the bundler compiled. */
export const workerSandbox = (now?: () => number, watching?: Watching) => sandboxOf(engine, now, watching);
