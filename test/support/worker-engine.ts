import engine from "../../build/engine.wasm";
import { sandboxOf } from "./sandbox.ts";

/** The sandbox as it runs in workerd, with the module that the bundler compiled. */
export const workerSandbox = (now?: () => number) => sandboxOf(engine, now);
