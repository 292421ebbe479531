import { build, runTool } from "./prepare.ts";

/** `npm test [-- vitest's own arguments]`: builds what is missing, then runs every test once. */
build();
process.exit(runTool("vitest", ["run", ...process.argv.slice(2)]));
