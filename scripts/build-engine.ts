import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ENGINE_RULES } from "./engine/engine-rules.ts";
import { readSource, rewriteEngine, sha256 } from "./engine/engine-source.ts";
import { compileEngine } from "./engine/instance.ts";
import { assertLayout, probeLayout } from "./engine/probe.ts";

/** What has to come of it: another rewriter changes this knowingly. */
const OUTPUT_SHA256 = "115d65185d1db2d45a284d987c4a3e37c00f939157b22dfb8b6b49458a7e84dd";

const root = join(import.meta.dirname, "..");
const output = join(root, "build/engine.wasm");
/** What src/runtime knows of the engine's memory; it names the engine that it belongs to. */
const layoutOutput = join(root, "build/engine-layout.ts");

/** Whether the file was written, as it held something else. */
const writeIfOther = (path: string, content: Uint8Array | string): boolean => {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return false;
  writeFileSync(path, content);
  return true;
};

const layoutText = (bytes: Uint8Array): string => {
  const module = compileEngine(bytes);
  const layout = probeLayout(module);
  if (layout.BREAK_AT !== ENGINE_RULES.heapBreak.address)
    throw new Error(`the heap's break is at ${layout.BREAK_AT}`);
  assertLayout(module, layout);
  const lines = Object.entries(layout).map(([name, value]) => `export const ${name} = ${value};\n`);
  return `// Found by scripts/build-engine.ts in the engine that it built. See scripts/engine/probe.ts.\n${lines.join("")}`;
};

const build = () => {
  const { module, functions } = rewriteEngine(readSource(), ENGINE_RULES);
  if (sha256(module) !== OUTPUT_SHA256) {
    throw new Error(
      `the rewriter made other bytes than it should (SHA-256 ${sha256(module)}); ` +
        "if that is meant, write the new hash into scripts/build-engine.ts",
    );
  }
  // The rewriting takes a moment and is always checked; only what changed is written, so that watchers stay quiet.
  mkdirSync(dirname(output), { recursive: true });
  if (writeIfOther(output, module)) {
    console.log(`engine: ${functions} functions metered, ${module.length} bytes`);
  }
  writeIfOther(layoutOutput, layoutText(module));
};

build();
