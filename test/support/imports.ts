import { readFileSync, readdirSync } from "node:fs";
import { join, relative, resolve, dirname } from "node:path";
import { transformSync } from "esbuild";
import { init, parse } from "es-module-lexer";

export const ROOT = resolve(import.meta.dirname, "../..");

/** Every `.ts` file below a folder, as a path from the project's root with forward slashes. */
export const sourceFiles = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .toSorted();

export const sourceOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Code without comments and types. */
export const codeOf = (file: string): string =>
  transformSync(sourceOf(file), {
    loader: "ts",
    format: "esm",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  }).code;

export interface Import {
  readonly from: string;
  /** A file of the project, or the name of a package. */
  readonly to: string;
  readonly dynamic: boolean;
  /** Gone when the code runs. */
  readonly typeOnly: boolean;
}

await init();

/** Imports of types count: they couple folders as much as any. */
export const importsOf = (file: string): readonly Import[] => {
  const [found] = parse(sourceOf(file));
  return found.flatMap((each) => {
    if (each.type === "import-meta" || each.specifier === undefined) return [];
    const to = each.specifier.startsWith(".")
      ? relative(ROOT, resolve(dirname(join(ROOT, file)), each.specifier)).replaceAll("\\", "/")
      : each.specifier;
    const typeOnly = "typeOnly" in each && each.typeOnly;
    return [{ from: file, to, dynamic: each.type === "dynamic", typeOnly }];
  });
};
