import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT, build, runTool } from "./prepare.ts";

/** Bundles as a deploy would, without deploying, and holds the size against its budget (perf/budgets.json). */
build();
const out = join(ROOT, "build", "bundle");
// What an earlier engine left there is no part of this bundle.
rmSync(out, { recursive: true, force: true });
if (runTool("wrangler", ["deploy", "--dry-run", "--outdir", out], { WRANGLER_LOG: "warn" }) !== 0)
  process.exit(1);

const budgets: unknown = JSON.parse(readFileSync(join(ROOT, "perf", "budgets.json"), "utf8"));
if (typeof budgets !== "object" || budgets === null || !("bundleGzipBytes" in budgets)) {
  throw new Error("perf/budgets.json names no bundleGzipBytes.");
}
const budget = Number(budgets.bundleGzipBytes);
const parts = readdirSync(out)
  .filter((name) => !name.endsWith(".map") && name !== "README.md")
  .map((name) => ({ name, bytes: gzipSync(readFileSync(join(out, name))).length }));
const total = parts.reduce((sum, part) => sum + part.bytes, 0);
for (const { name, bytes } of parts) process.stdout.write(`${String(bytes).padStart(9)}  ${name}\n`);
process.stdout.write(`${String(total).padStart(9)}  gzipped in all, of ${budget}\n`);
if (total > budget) {
  process.stderr.write("The bundle is over its budget.\n");
  process.exit(1);
}
