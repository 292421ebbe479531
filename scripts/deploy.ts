import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkSettings } from "../src/config.ts";
import { ROOT, build, runTool } from "./prepare.ts";

/** `npm run deploy`: refuses what must not go live, then applies the migrations and deploys. */
const refuse = (reason: string): never => {
  process.stderr.write(`Not deployed: ${reason}\n`);
  process.exit(1);
};

const settings = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
if (settings.includes("00000000-0000-0000-0000-000000000000")) {
  refuse(
    "wrangler.toml still holds the local database_id. Make one with `wrangler d1 create hookwright` and put its id there; the same for the KV namespace.",
  );
}
const varOf = (name: string): string => new RegExp(`^${name} = "(.*)"$`, "m").exec(settings)?.[1] ?? "";
const problems = checkSettings({
  HOOKS_HOST: varOf("HOOKS_HOST"),
  PATH_STYLE: varOf("PATH_STYLE"),
  EGRESS_ALLOW: varOf("EGRESS_ALLOW"),
  EGRESS_PORTS: varOf("EGRESS_PORTS"),
  EGRESS_RESOLVER: varOf("EGRESS_RESOLVER"),
  ...(/^\[\[send_email\]\]/m.test(settings) ? { EMAIL: "a binding" } : {}),
  EMAIL_FROM: varOf("EMAIL_FROM"),
});
if (problems.length > 0) refuse(problems.join(" "));
if (varOf("HOOKS_HOST") === "localhost")
  refuse(
    "HOOKS_HOST in wrangler.toml is still localhost. Put the domain there whose subdomains are the hooks.",
  );

build();
if (runTool("wrangler", ["d1", "migrations", "apply", "hookwright", "--remote"]) !== 0)
  refuse("the migrations failed.");
const found = spawnSync(
  join(ROOT, "node_modules", ".bin", "wrangler"),
  [
    "d1",
    "execute",
    "hookwright",
    "--remote",
    "--json",
    "--command",
    "SELECT count(*) AS n FROM keys WHERE prefix LIKE 'hw\\_dev\\_%' ESCAPE '\\'",
  ],
  { cwd: ROOT, encoding: "utf8" },
);
if (found.status !== 0) refuse(`the keys could not be read: ${found.stderr}`);
if (!/"n":\s*0\b/.test(found.stdout))
  refuse(
    "the database holds a development key (hw_dev_…). Delete it first: anybody with a checkout may know it.",
  );
process.exit(runTool("wrangler", ["deploy"]));
