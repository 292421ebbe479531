import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, version } from "esbuild";

/**
 * Bundles what runs inside the engine into strings that the Worker imports, in the git-ignored `build/`:
 * each file's constants by their entry points. The same sources give the same bytes; nothing is done while they
 * are unchanged.
 */
const FILES = {
  "build/guest.ts": {
    modulePrelude: "src/scripts/guest/module.guest.ts",
    expressionPrelude: "src/scripts/guest/expression.guest.ts",
  },
  // A file of its own, as no hit needs it.
  "build/compiler.ts": { compilerPrelude: "src/scripts/guest/compiler.guest.ts" },
};
const SOURCES = [
  "src/runtime/guest",
  "src/scripts/guest",
  "src/scripts/compiled.ts",
  "scripts/build-guest.ts",
  "package-lock.json",
];
const root = join(import.meta.dirname, "..");

const filesOf = async (path: string): Promise<string[]> => {
  if (path.includes(".")) return [path];
  const names = await readdir(join(root, path), { recursive: true });
  return names
    .filter((name) => name.endsWith(".ts"))
    .toSorted()
    .map((name) => join(path, name));
};

const fingerprint = async (): Promise<string> => {
  const hash = createHash("sha256").update(version);
  for (const path of (await Promise.all(SOURCES.map(filesOf))).flat()) {
    hash.update(path).update(await readFile(join(root, path)));
  }
  return hash.digest("hex");
};

/** A prelude is a script whose completion value is its entry point's exports. */
const asScript = (text: string): string => {
  const script = text
    .trim()
    .replace(/^"use strict";/, "")
    .replace(/^var prelude=/, "")
    .replace(/;$/, "");
  if (!script.startsWith("(")) throw new Error(`Unexpected bundle: ${script.slice(0, 60)}`);
  return `"use strict";(${script.slice(1)}`;
};

const bundle = async (entry: string): Promise<string> => {
  const result = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "prelude",
    target: "es2024",
    minify: true,
    charset: "ascii",
    external: ["script"],
    legalComments: "none",
    absWorkingDir: root,
    logLevel: "error",
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error(`Nothing came of ${entry}.`);
  return asScript(file.text);
};

const mark = `// ${await fingerprint()}\n`;
await mkdir(join(root, "build"), { recursive: true });
for (const [path, entries] of Object.entries(FILES)) {
  const written = await readFile(join(root, path), "utf8").catch(() => "");
  if (written.startsWith(mark)) continue;
  let text = mark;
  for (const [name, entry] of Object.entries(entries)) {
    text += `export const ${name} = ${JSON.stringify(await bundle(entry))};\n`;
  }
  await writeFile(join(root, path), text);
  console.log(`${path}: ${Math.round(text.length / 1024)} KiB`);
}
