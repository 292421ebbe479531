import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { http, type Received, type Sent } from "./http.ts";
import { ROOT } from "./imports.ts";

const START_MS = 100_000;

/** A Hookwright of its own: state, secrets and port are nobody else's. */
export interface Product {
  readonly port: number;
  readonly key: string;
  readonly adminToken: string;
  /** Everything that it has printed. */
  readonly printed: () => string;
  readonly pid: number;
  /** A call of the management API with the demo account's key; `body` is sent as JSON. */
  readonly api: (method: string, path: string, body?: unknown) => Promise<Received>;
  /** A hit on the demo account, host style. */
  readonly hit: (sent: Sent) => Promise<Received>;
  /** Ends it with a signal; resolves when the process is gone. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.listen(0, () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });

const gone = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });

export interface Home {
  readonly folder: string;
  readonly remove: () => void;
}

/** A folder outside the checkout, for the state of products that follow one another. */
export const newHome = (): Home => {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** Starts the product as `npm start` does, after its set-up, and waits for the line that says it is ready. `vars`: lines of its settings. */
export const startProduct = async (home: Home, vars: readonly string[] = []): Promise<Product> => {
  const port = await freePort();
  const varsFile = join(home.folder, "vars");
  if (vars.length > 0) writeFileSync(varsFile, `${vars.join("\n")}\n`);
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      "scripts/start.ts",
      "--port",
      String(port),
      "--state",
      join(home.folder, "state"),
      "--vars",
      varsFile,
    ],
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, WRANGLER_SEND_METRICS: "false" } },
  );
  let printed = "";
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time:\n${printed}`)), START_MS);
    const read = (part: Buffer): void => {
      printed += part.toString("utf8");
      if (!/^Ready on /m.test(printed)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${printed}`)));
  });
  await ready;
  const made = readFileSync(varsFile, "utf8");
  const varOf = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(made)?.[1] ?? "";
  const key = varOf("DEV_API_KEY");
  return {
    port,
    key,
    adminToken: varOf("ADMIN_TOKEN"),
    printed: () => printed,
    pid: child.pid ?? 0,
    api: (method, path, body) =>
      http(port, {
        method,
        path,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    hit: (sent) => http(port, { host: `demo.localhost:${port}`, ...sent }),
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      await gone(child);
    },
  };
};
