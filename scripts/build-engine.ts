import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXPORT_NAMES, IMPORT_NAMES } from "./engine/names.ts";
import { rewrite } from "./engine/rewrite.ts";

/** What is read and what has to come of it: another package version or another rewriter changes these knowingly. */
const INPUT_SHA256 = "b56fe5094b8751c47b8c32fb5ed4d75afe2dbb43412d3d983ac5d1156af456da";
const OUTPUT_SHA256 = "b8e0871f8e78efb7d488266dd1e3b8866917b339dd26d00a2a06b7362e41d257";

const root = join(import.meta.dirname, "..");
const input = join(root, "node_modules/@jitl/quickjs-ng-wasmfile-release-sync/dist/emscripten-module.wasm");
const output = join(root, "build/engine.wasm");

/** 6 MiB: static data, the engine's 5 MiB of C stack, and a first piece of heap. */
const INITIAL_PAGES = 96;
/** 37.5 MiB, the larger heap class; the host gives each memory the maximum of its own class. */
const MAXIMUM_PAGES = 600;
/** Below the static data, which begins at 1,024, so that address 0 can stay invalid. */
const SIGNAL_ADDRESS = 8;
const TERMINATED_ADDRESS = 12;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const build = () => {
  const source = readFileSync(input);
  if (sha256(source) !== INPUT_SHA256) {
    throw new Error(
      `the engine in node_modules is not the one that this build was written for (SHA-256 ${sha256(source)}); ` +
        "run `npm ci`, or, after a change of version, check scripts/engine/names.ts against it",
    );
  }
  const { module, functions } = rewrite(source, {
    names: IMPORT_NAMES,
    exports: EXPORT_NAMES,
    memory: { initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES },
    stackPointer: 0,
    signalAddress: SIGNAL_ADDRESS,
    terminatedAddress: TERMINATED_ADDRESS,
  });
  if (sha256(module) !== OUTPUT_SHA256) {
    throw new Error(
      `the rewriter made other bytes than it should (SHA-256 ${sha256(module)}); ` +
        "if that is meant, write the new hash into scripts/build-engine.ts",
    );
  }
  // The rewriting takes a moment and is always checked; only what changed is written, so that watchers stay quiet.
  if (existsSync(output) && sha256(readFileSync(output)) === OUTPUT_SHA256) return;
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, module);
  console.log(`engine: ${functions} functions metered, ${module.length} bytes`);
};

build();
