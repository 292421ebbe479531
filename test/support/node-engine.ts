import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The built engine for tests in Node, where no bundler compiles it. */
export const engineModule = (): Promise<WebAssembly.Module> =>
  WebAssembly.compile(readFileSync(join(import.meta.dirname, "../../build/engine.wasm")));
