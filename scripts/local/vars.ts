import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Settings } from "../../src/config.ts";

export interface LocalVars {
  readonly MASTER_KEYS: string;
  readonly ADMIN_TOKEN: string;
  readonly DEV_API_KEY: string;
  /** Where hooks live: `localhost` unless the file says otherwise. */
  readonly hooksHost: string;
}

type Made = "MASTER_KEYS" | "ADMIN_TOKEN" | "DEV_API_KEY";

const MAKERS: Readonly<Record<Made, () => string>> = {
  MASTER_KEYS: () => `local:${randomBytes(32).toString("base64url")}`,
  ADMIN_TOKEN: () => randomBytes(32).toString("base64url"),
  DEV_API_KEY: () => `hw_dev_${randomBytes(32).toString("base64url")}`,
};

/** The value of `NAME=value` in the text of a vars file; `undefined` when absent or empty. */
const valueIn = (text: string, name: string): string | undefined => {
  const found = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*(.*?)\\s*$`, "m").exec(text)?.[1];
  const bare = found?.replace(/^(["'])(.*)\1$/, "$2");
  return bare === undefined || bare === "" ? undefined : bare;
};

/** The settings that the Worker will be given from `file`; what is absent there comes from wrangler.toml, which is in order. */
export const settingsIn = (file: string): Settings => {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return {
    HOOKS_HOST: valueIn(text, "HOOKS_HOST") ?? "localhost",
    PATH_STYLE: valueIn(text, "PATH_STYLE"),
    EGRESS_ALLOW: valueIn(text, "EGRESS_ALLOW"),
    EGRESS_PORTS: valueIn(text, "EGRESS_PORTS"),
    EGRESS_RESOLVER: valueIn(text, "EGRESS_RESOLVER"),
    EMAIL_FROM: valueIn(text, "EMAIL_FROM"),
    MASTER_KEYS: valueIn(text, "MASTER_KEYS"),
    ADMIN_TOKEN: valueIn(text, "ADMIN_TOKEN"),
  };
};

/** Reads `file` and appends what is missing there; what the user put there stays as it is. */
export const completeVars = (file: string): LocalVars => {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const added: string[] = [];
  const read = (name: Made): string => {
    const given = valueIn(before, name);
    if (given !== undefined) return given;
    const made = MAKERS[name]();
    added.push(`${name}=${made}`);
    return made;
  };
  const vars = {
    MASTER_KEYS: read("MASTER_KEYS"),
    ADMIN_TOKEN: read("ADMIN_TOKEN"),
    DEV_API_KEY: read("DEV_API_KEY"),
  };
  const hooksHost = valueIn(before, "HOOKS_HOST") ?? "localhost";
  if (added.length > 0) {
    const gap = before === "" || before.endsWith("\n") ? "" : "\n";
    writeFileSync(file, `${before}${gap}${added.join("\n")}\n`);
    chmodSync(file, 0o600);
  }
  return { ...vars, hooksHost };
};
