import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withoutTemplates } from "./guest/without-templates.ts";
import { build, transform, version, type BuildOptions } from "esbuild";
import { checkOrder, cutBundle } from "./guest/cut-bundle.ts";

/**
 * Bundles what runs inside the engine into strings that the Worker imports, in the git-ignored `build/`:
 * each file's constants by their entry points. The same sources give the same bytes; nothing is done while they
 * are unchanged. What runs begin from is cut into several scripts, to be evaluated in turn.
 */
const FILES = {
  "build/guest.ts": {
    modulePrelude: { entry: "src/scripts/guest/module.guest.ts", cut: true },
    expressionPrelude: { entry: "src/scripts/guest/expression.guest.ts", cut: true },
  },
  // A file of its own, as no hit needs it.
  "build/compiler.ts": { compilerPrelude: { entry: "src/scripts/guest/compiler.guest.ts", cut: false } },
};
/** Of source. Measured: smaller pieces gain nothing more, twice as large ones lose 30 KB of heap. */
const BYTES_PER_PIECE = 10_000;
const SOURCES = [
  "src/runtime/guest",
  "src/scripts/guest",
  "src/scripts/compiled.ts",
  "scripts/build-guest.ts",
  "scripts/guest",
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

const OUTPUT = { target: "es2024", charset: "ascii", legalComments: "none" } as const;

const bundle = (entry: string, options: BuildOptions) =>
  build({
    ...OUTPUT,
    ...options,
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    metafile: true,
    external: ["script"],
    absWorkingDir: root,
    logLevel: "error",
  });

const textOf = ({ outputFiles }: Awaited<ReturnType<typeof bundle>>): string => {
  const [file] = outputFiles;
  if (file === undefined) throw new Error("Nothing came of a bundle.");
  return file.text;
};

/** A prelude is a script whose completion value is its entry point's exports. */
const asScript = async (entry: string): Promise<string> => {
  const result = await bundle(entry, { format: "iife", globalName: "prelude", minify: true });
  const script = textOf(result)
    .trim()
    .replace(/^"use strict";/, "")
    .replace(/^var prelude=/, "")
    .replace(/;$/, "");
  if (!script.startsWith("(")) throw new Error(`Unexpected bundle: ${script.slice(0, 60)}`);
  return `"use strict";(${script.slice(1)}`;
};

/** Or several, of which the last is that. */
const asScripts = async (entry: string): Promise<readonly string[]> => {
  const result = await bundle(entry, { format: "esm" });
  checkOrder(textOf(result), result.metafile.inputs);
  const pieces = cutBundle(textOf(result), BYTES_PER_PIECE).map(async (piece) => {
    const { code } = await transform(piece, { ...OUTPUT, minify: true });
    return `"use strict";${withoutTemplates(code.trim())}`;
  });
  return Promise.all(pieces);
};

const mark = `// ${await fingerprint()}\n`;
await mkdir(join(root, "build"), { recursive: true });
for (const [path, entries] of Object.entries(FILES)) {
  const written = await readFile(join(root, path), "utf8").catch(() => "");
  if (written.startsWith(mark)) continue;
  let text = mark;
  for (const [name, prelude] of Object.entries(entries)) {
    text += `export const ${name} = ${JSON.stringify(await (prelude.cut ? asScripts : asScript)(prelude.entry))};\n`;
  }
  await writeFile(join(root, path), text);
  console.log(`${path}: ${Math.round(text.length / 1024)} KiB`);
}
