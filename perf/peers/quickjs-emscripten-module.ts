import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { newQuickJSWASMModule, newVariant, RELEASE_SYNC } from "quickjs-emscripten";
import { compileModule } from "../../test/support/node-engine.ts";
import { servePeer } from "./measure-peer.ts";
import { runOnQuickJs } from "./run-quickjs.ts";

const { resolve } = createRequire(import.meta.url);
const wasm = readFileSync(resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
// Compiled once: nobody who makes a module for each run would compile it each time.
const variant = newVariant(RELEASE_SYNC, { wasmModule: await compileModule(wasm) });

/** Stock quickjs-emscripten with a fresh module, so a memory of its own, for each run. */
servePeer(async (source, hit, timer) =>
  runOnQuickJs(await newQuickJSWASMModule(variant), source, hit, timer),
);
