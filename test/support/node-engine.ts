import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Compiles wasm in Node; the Workers types do not name `WebAssembly.compile`, which workerd does not have. */
export const compileModule = async (bytes: Uint8Array): Promise<WebAssembly.Module> => {
  const compile: unknown = Reflect.get(WebAssembly, "compile");
  if (typeof compile !== "function") throw new Error("this host cannot compile wasm");
  const module: unknown = await Reflect.apply(compile, WebAssembly, [bytes]);
  if (!(module instanceof WebAssembly.Module)) throw new Error("no module was compiled");
  return module;
};

/** The built engine for tests in Node, where no bundler compiles it. */
export const engineModule = (): Promise<WebAssembly.Module> =>
  compileModule(readFileSync(join(import.meta.dirname, "../../build/engine.wasm")));
