import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../scripts/prepare.ts";

const RUNS = 11;

/** One process that evaluates the Worker's bundle once: what a cold isolate does before its first hit. */
const PROBE = `
import { registerHooks } from "node:module";
const stub = "export class DurableObject {}; export const waitUntil = () => {}; export const env = {}; export default {};";
registerHooks({
  resolve: (name, context, next) =>
    /^cloudflare:|\\.wasm$/.test(name) ? { url: "stub:" + name, shortCircuit: true } : next(name, context),
  load: (url, context, next) =>
    url.startsWith("stub:") ? { format: "module", source: stub, shortCircuit: true } : next(url, context),
});
const begun = performance.now();
await import(process.argv[1]);
process.stdout.write(String(performance.now() - begun));
`;

/** Milliseconds to load, compile and evaluate the bundle's modules that a hit needs, in fresh processes of Node, sorted. */
export const evaluateBundle = (): readonly number[] =>
  Array.from({ length: RUNS }, () => {
    const args = ["--input-type=module", "--eval", PROBE, join(ROOT, "build", "bundle", "index.js")];
    return Number(
      execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  }).toSorted((one, other) => one - other);
