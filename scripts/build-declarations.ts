import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts the declarations of what a script may touch into one file, as a string that the API imports, with its entity tag.
 * What is a script's own comes first, then what it has of the Web.
 */
const ROOT = join(import.meta.dirname, "..");
const SOURCE = join(ROOT, "src", "scripts", "declarations");
const TARGET = join(ROOT, "build", "declarations.ts");
const ORDER = [
  "handler",
  "context",
  "kv",
  "secrets",
  "expression",
  "requests",
  "bodies",
  "urls",
  "text",
  "crypto",
  "events",
  "errors",
  "globals",
].map((name) => `${name}.d.ts`);

const present = readdirSync(SOURCE).filter((name) => name.endsWith(".d.ts"));
const unlisted = present.filter((name) => !ORDER.includes(name));
if (unlisted.length > 0)
  throw new Error(`scripts/build-declarations.ts does not know ${unlisted.join(", ")}.`);

const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const HEADER = `// Hookwright ${version}: all that a script may touch, beside the language itself.
// It takes the place of the DOM's types. In tsconfig.json: "lib": ["ES2025"] (ES2023 is enough), "types": [].
// Needs TypeScript 5.7 or later.
`;

const parts = ORDER.map((name) => readFileSync(join(SOURCE, name), "utf8"));
const text = [HEADER, ...parts].join("\n");
const tag = createHash("sha256").update(text).digest("base64url").slice(0, 22);
const built = `/** Put together by scripts/build-declarations.ts from src/scripts/declarations. */
export const declarations = ${JSON.stringify(text)};
export const declarationsTag = ${JSON.stringify(tag)};
`;
mkdirSync(join(ROOT, "build"), { recursive: true });
if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== built) writeFileSync(TARGET, built);
