// Runs on the machine's own Node (20 or later), before anything is installed: no dependencies, no TypeScript.
// `node scripts/setup.mjs SCRIPT [ARG…]` installs what the lock names, then runs SCRIPT on the pinned Node.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const installedMark = join(root, "node_modules", ".hookwright-lock");
const pinnedNode = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");

const isInstalled = () =>
  existsSync(pinnedNode) && existsSync(installedMark) && readFileSync(installedMark, "utf8") === lockHash();

const install = () => {
  process.stdout.write("Installing the locked dependencies (once; about a minute)…\n");
  const npm = process.env["npm_execpath"];
  const [command, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const done = spawnSync(command, [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    // The pinned Node is what will run them; the machine's may be older than some packages ask for.
    env: { ...process.env, npm_config_engine_strict: "false", npm_config_ignore_scripts: "false" },
  });
  if (done.status !== 0) fail("npm ci failed. Look at its output above, then run the command again.");
  writeFileSync(installedMark, lockHash());
};

const [major] = process.versions.node.split(".");
if (Number(major) < 20) fail(`Hookwright needs Node 20 or later; this is ${process.version}.`);

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail("Usage: node scripts/setup.mjs SCRIPT [ARGUMENT…]");
if (!isInstalled()) install();

const child = spawn(pinnedNode, ["--disable-warning=ExperimentalWarning", join(root, script), ...args], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    PATH: `${join(root, "node_modules", ".bin")}${process.platform === "win32" ? ";" : ":"}${process.env["PATH"] ?? ""}`,
    WRANGLER_SEND_METRICS: "false",
  },
});
// The child ends itself and all that it started: signals are passed on, never acted on here.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(`Could not start the pinned Node: ${error.message}`));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
