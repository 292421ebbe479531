import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../prepare.ts";
import { watchLaunchers } from "./ancestors.ts";
import { release, writePid } from "./pid-file.ts";

/** What a stop may take before it is forced; the whole is within 5 s of the signal. */
const GRACE_MS = 3_000;
const READY_MS = 120_000;

export interface ServeOptions {
  readonly port: number;
  readonly state: string;
  readonly varsFile: string;
  readonly hooksHost: string;
  readonly pidFile: string;
  readonly onReady: () => Promise<void>;
}

/** Whether nobody listens on `port`, on any address of this machine. */
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });

/** Waits for `port` up to `patienceMs`. */
export const becomesFree = async (port: number, patienceMs: number): Promise<boolean> => {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (await isFree(port)) return true;
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const isHealthy = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = request(
      { host: "127.0.0.1", port, path: "/healthz", headers: { host: `${host}:${port}` }, timeout: 2_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    probe.on("error", () => resolve(false));
    probe.on("timeout", () => probe.destroy());
    probe.end();
  });

/** Runs wrangler in a process group of its own, so that the group can be ended whole: signals to npm do not reach it. */
export const serve = async (options: ServeOptions): Promise<void> => {
  const child = spawn(
    join(ROOT, "node_modules", ".bin", "wrangler"),
    [
      "dev",
      `--port=${options.port}`,
      "--inspector-port=0",
      "--log-level=log",
      `--persist-to=${options.state}`,
      `--env-file=${options.varsFile}`,
      "--show-interactive-dev-session=false",
    ],
    {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_SEND_METRICS: "false",
        // It reads and writes the database for whoever reaches a port of ours, without a key.
        X_LOCAL_EXPLORER: "false",
      },
    },
  );
  const group = child.pid;
  if (group === undefined) throw new Error("wrangler could not be started.");
  writePid(options.pidFile, { pid: process.pid, group, port: options.port });

  let stopping = false;
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-group, signal);
    } catch {
      // Nobody is left in the group: that is what was wanted.
    }
  };
  const stop = (code: number): void => {
    if (stopping) return;
    stopping = true;
    signalGroup("SIGTERM");
    setTimeout(() => {
      signalGroup("SIGKILL");
      release(options.pidFile);
      process.exit(code);
    }, GRACE_MS);
    child.once("exit", () => {
      // wrangler may leave its workerds behind; they share its group.
      signalGroup("SIGKILL");
      release(options.pidFile);
      process.exit(code);
    });
  };
  process.on("SIGINT", () => stop(130));
  process.on("SIGTERM", () => stop(143));
  process.on("SIGHUP", () => stop(129));
  watchLaunchers(() => stop(0));
  child.once("exit", (code) => {
    if (stopping) return;
    signalGroup("SIGKILL");
    process.stderr.write(`wrangler ended by itself (code ${code ?? "none"}); its output above says why.\n`);
    process.exit(1);
  });
  // wrangler says that it is ready before the Worker has answered once; ours is the line to wait for.
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.includes("Ready on http")) process.stdout.write(`${line}\n`);
  });

  const deadline = Date.now() + READY_MS;
  while (!(await isHealthy(options.port, options.hooksHost))) {
    if (Date.now() > deadline) {
      process.stderr.write(
        "The Worker did not answer GET /healthz within two minutes; its output above says why.\n",
      );
      return stop(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await options.onReady();
};
