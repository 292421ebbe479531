import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "../../scripts/prepare.ts";

export interface BundledWorker {
  readonly script: string;
  /** Wasm that it imports, as `./NAME`. */
  readonly wasm: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

/** One script of a worker and all that it imports, but for wasm: workerd has that compiled before it starts. */
export const bundleWorker = async (entry: string): Promise<BundledWorker> => {
  const paths = new Set<string>();
  const bundled = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*", "node:*"],
    plugins: [
      {
        name: "wasm apart",
        setup: (builder) => {
          builder.onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
            paths.add(join(resolveDir, path));
            return { path: `./${basename(path)}`, external: true };
          });
        },
      },
    ],
  });
  const script = bundled.outputFiles[0]?.text;
  if (script === undefined) throw new Error(`${entry} came to nothing`);
  // What was imported for its types, or by code that fell away, is not asked for.
  const wasm = [...paths].filter((path) => script.includes(`./${basename(path)}`));
  return {
    script,
    wasm: wasm.map((path) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) })),
  };
};
