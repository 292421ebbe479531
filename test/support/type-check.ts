import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { declarations } from "../../build/declarations.ts";

const ROOT = join(import.meta.dirname, "../..");
const TSC = join(ROOT, "node_modules/.bin/tsc");

const page = readFileSync(join(ROOT, "docs/script-contract.md"), "utf8");
const [, snippet = ""] = /^```json\n(\{\n {2}"compilerOptions".*?)^```$/ms.exec(page) ?? [];
/** As docs/script-contract.md tells users to have it. */
const { compilerOptions: DOCUMENTED }: { compilerOptions: object } = JSON.parse(snippet);

/** Stricter than that: what users may turn on besides. */
const OPTIONS = {
  ...DOCUMENTED,
  allowImportingTsExtensions: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

/** What the compiler says of files beside the declarations, as a user's project would have them; empty: nothing. */
export const typeCheck = (files: Readonly<Record<string, string>>, options: object = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), "declarations-"));
  try {
    const compilerOptions = { ...OPTIONS, ...options };
    const all = {
      ...files,
      "hookwright.d.ts": declarations,
      "tsconfig.json": JSON.stringify({ compilerOptions }),
    };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { stdout, error } = spawnSync(TSC, ["-p", folder, "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (error !== undefined) throw error;
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
