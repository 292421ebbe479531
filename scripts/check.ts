import { build, runTool } from "./prepare.ts";

/** `npm run check`: types, lint, format, then the architecture. Runs all four, so that one fault does not hide another. */
const CHECKS: readonly (readonly [string, readonly string[]])[] = [
  ["tsc", ["--noEmit"]],
  ["oxlint", ["--type-aware", "--deny-warnings"]],
  ["oxfmt", ["--check", "."]],
  ["vitest", ["run", "--reporter=default", "--project", "unit", "test/architecture.test.ts"]],
];

build();
const failed = CHECKS.filter(([tool, args]) => runTool(tool, args) !== 0).map(([tool]) => tool);
if (failed.length > 0) {
  process.stderr.write(`\nFailed: ${failed.join(", ")}. \`npm run format\` mends what is format only.\n`);
  process.exit(1);
}
process.stdout.write("\nTypes, lint, format and architecture are in order.\n");
