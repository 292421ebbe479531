import { parseArgs } from "node:util";
import { join, resolve } from "node:path";
import { checkSettings } from "../src/config.ts";
import { ROOT, build, runTool } from "./prepare.ts";
import { completeVars, settingsIn } from "./local/vars.ts";
import { seed } from "./local/seed.ts";
import { greet } from "./local/greet.ts";
import { claim } from "./local/pid-file.ts";
import { becomesFree, serve } from "./local/serve.ts";

const HELP = `npm start [-- OPTIONS]     runs Hookwright on this machine

  --port N       the port to listen on (8787)
  --state DIR    where everything is kept (.wrangler/state)
  --vars FILE    settings and secrets, made if missing (.dev.vars)
  --help         this text

Ctrl-C stops it. What you made is there again at the next start.`;

const fail: (message: string) => never = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const readOptions = () => {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "8787" },
        state: { type: "string", default: join(".wrangler", "state") },
        vars: { type: "string", default: ".dev.vars" },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
};

const options = readOptions();
if (options.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}
const port = Number(options.port);
if (!Number.isInteger(port) || port < 1 || port > 65_535)
  fail(`--port takes a number from 1 to 65535, not "${options.port}".`);
const state = resolve(ROOT, options.state);
const varsFile = resolve(ROOT, options.vars);

const pidFile = join(state, "..", "hookwright.pid");
const claimed = claim(pidFile, port);
if (claimed.kind === "taken") {
  const { pid, port: taken } = claimed.by;
  fail(
    `Hookwright is already running at http://localhost:${taken} (process ${pid}). Stop it with \`kill ${pid}\`, or start another with its own --state and --port.`,
  );
}
if (!(await becomesFree(port, claimed.cleared ? 5_000 : 0)))
  fail(`Port ${port} is in use by another program. Choose one with \`npm start -- --port 9000\`.`);

build();
const vars = completeVars(varsFile);
const problems = checkSettings(settingsIn(varsFile));
if (problems.length > 0) fail(`${options.vars} needs a change. ${problems.join(" ")}`);
process.stdout.write("Applying the migrations to the local database…\n");
const migrated = runTool(
  "wrangler",
  ["d1", "migrations", "apply", "hookwright", "--local", "--persist-to", state],
  {
    CI: "true",
    WRANGLER_LOG: "error",
  },
);
if (migrated !== 0) fail("The migrations failed; see above. Nothing was started.");
const { isNew } = seed(state, vars.DEV_API_KEY);
await serve({
  port,
  state,
  varsFile,
  pidFile,
  hooksHost: vars.hooksHost,
  onReady: () => greet(port, vars, isNew),
});
