import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const MARK = join(HERE, "node_modules", ".hookwright-lock");
const MAX_REASON = 200;

const lockHash = (): string =>
  createHash("sha256")
    .update(readFileSync(join(HERE, "package-lock.json")))
    .digest("hex");

/** Installs what `package-lock.json` here names, unless it is there. The reason when that fails, else nothing. */
export const installPeers = (): string | undefined => {
  const hash = lockHash();
  if (existsSync(MARK) && readFileSync(MARK, "utf8") === hash) return undefined;
  const npm = process.env["npm_execpath"];
  const [command, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const done = spawnSync(command, [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: HERE,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, npm_config_ignore_scripts: "false" },
  });
  if (done.status !== 0) {
    const told = (done.stderr ?? "").split("\n").find((line) => line.includes("npm error")) ?? "";
    return `npm ci in perf/peers failed. ${told}`.trim().slice(0, MAX_REASON);
  }
  writeFileSync(MARK, hash);
  return undefined;
};
