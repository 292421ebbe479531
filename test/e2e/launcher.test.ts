import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { http } from "../support/http.ts";
import { ROOT } from "../support/imports.ts";
import { newHome, startProduct } from "../support/product.ts";

const home = newHome();
afterAll(home.remove);

const start = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/start.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });

const isUp = (port: number): Promise<boolean> =>
  http(port, { path: "/healthz" }).then(
    () => true,
    () => false,
  );

describe("npm start", () => {
  it("explains itself", () => {
    const help = start("--help");
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining("--port N")]);
  });

  it.each([
    ["--port", "none"],
    ["--port", "70000"],
    ["--prot", "1"],
  ])("refuses %s %s with advice", (...args) => {
    const refused = start(...args);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("--port");
  });

  it("says what is wrong with a setting, and starts nothing", () => {
    const vars = join(home.folder, "wrong");
    writeFileSync(vars, "PATH_STYLE=yes\nMASTER_KEYS=nokey\n");
    const refused = start("--port", "8798", "--state", join(home.folder, "other", "state"), "--vars", vars);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/PATH_STYLE must be.*MASTER_KEYS must read/);
    expect(readFileSync(vars, "utf8")).toMatch(/^PATH_STYLE=yes\nMASTER_KEYS=nokey\n/);
  });

  it("says who runs already, and leaves nothing behind when it is ended or killed", async () => {
    const state = join(home.folder, "state");
    const first = await startProduct(home);
    const second = start("--port", "8799", "--state", state);
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining(`process ${first.pid}`)]);
    await first.stop("SIGTERM");
    expect(await isUp(first.port)).toBe(false);
    expect(existsSync(join(home.folder, "hookwright.pid"))).toBe(false);

    // A launcher that is killed cannot clean up; the next one does.
    const killed = await startProduct(home);
    await killed.stop("SIGKILL");
    const next = await startProduct(home);
    // What shows the database to whoever can reach this machine's ports, which scripts may be allowed to.
    const explorer = await http(next.port, { path: "/cdn-cgi/local/explorer/api/d1/database" });
    expect(explorer.status).toBe(404);
    expect(await isUp(killed.port)).toBe(false);
    expect(await isUp(next.port)).toBe(true);
    await next.stop("SIGINT");
    expect(await isUp(next.port)).toBe(false);
  });
});
