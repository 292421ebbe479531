import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withBlockDiff } from "./block-diff.ts";
import { rewrite, type RewriteRules, type Rewritten } from "./rewrite.ts";

/** What is read: another version of the package changes this knowingly. */
const INPUT_SHA256 = "b56fe5094b8751c47b8c32fb5ed4d75afe2dbb43412d3d983ac5d1156af456da";

const PATH = "../../node_modules/@jitl/quickjs-ng-wasmfile-release-sync/dist/emscripten-module.wasm";

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The package's wasm. Throws when it is not the one that the rules were written for. */
export const readSource = (): Uint8Array => {
  const source = readFileSync(join(import.meta.dirname, PATH));
  if (sha256(source) === INPUT_SHA256) return source;
  throw new Error(
    `the engine in node_modules is not the one that this build was written for (SHA-256 ${sha256(source)}); ` +
      "run `npm ci`, or, after a change of version, check scripts/engine/names.ts against it",
  );
};

/** The product's engine from the package's. */
export const rewriteEngine = (source: Uint8Array, rules: RewriteRules): Rewritten => {
  const { module, functions } = rewrite(source, rules);
  return { module: withBlockDiff(module), functions };
};
