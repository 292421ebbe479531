import { describe, expect, it } from "vitest";
import { codeOf, importsOf, sourceFiles, type Import } from "./support/imports.ts";

const NOUNS = ["accounts", "secrets", "notifications", "scripts", "responders", "journal", "trackers"];

/** The stairs: which folders of `src` a folder may import, besides itself and npm. */
const STAIRS: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  telemetry: ["lib"],
  runtime: ["lib"],
  storage: ["lib", "telemetry"],
  accounts: ["lib", "telemetry", "storage"],
  secrets: ["lib", "telemetry", "storage", "accounts"],
  notifications: ["lib", "telemetry", "storage", "accounts", "secrets"],
  scripts: ["lib", "telemetry", "storage", "accounts", "secrets", "runtime"],
  responders: ["lib", "telemetry", "storage", "accounts", "secrets", "notifications", "scripts", "runtime"],
  journal: ["lib", "telemetry", "storage", "accounts", "notifications", "responders"],
  trackers: ["lib", "telemetry", "storage", "accounts", "secrets", "scripts", "runtime"],
  edge: ["lib", "telemetry", "accounts", "responders", "journal"],
  api: ["lib", "telemetry", ...NOUNS],
  jobs: ["lib", "telemetry", ...NOUNS],
};

/** Packages with one home. */
const HOMES: readonly (readonly [pattern: RegExp, allowed: (file: string) => boolean])[] = [
  [/^drizzle-orm/, (file) => file.startsWith("src/storage/") || file.endsWith("/store.ts")],
  [/^ipaddr\.js$/, (file) => file.startsWith("src/runtime/egress/")],
  [/quickjs/, (file) => file.startsWith("src/runtime/")],
  [/^(hono|@hono|zod)/, (file) => file.startsWith("src/api/")],
];

const folderOf = (file: string): string | undefined => /^src\/([^/]+)\//.exec(file)?.[1];

const files = sourceFiles("src");
const imports: readonly Import[] = files.flatMap(importsOf);
const show = (each: Import): string => `${each.from} → ${each.to}`;

describe("architecture", () => {
  it("finds the source and its imports", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(imports.length).toBeGreaterThan(60);
  });

  it("keeps every folder on its stair", () => {
    const wrong = imports.filter(({ from, to }) => {
      const here = folderOf(from);
      const there = folderOf(to);
      if (here === undefined || !to.startsWith("src/")) return false;
      return there === undefined || (there !== here && !(STAIRS[here] ?? []).includes(there));
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it("has a stair for every folder of src", () => {
    const unknown = new Set(
      files.map(folderOf).filter((folder) => folder !== undefined && !(folder in STAIRS)),
    );
    expect([...unknown]).toEqual([]);
  });

  it("enters a folder only through its index", () => {
    const doors = new Set([
      "accounts",
      "secrets",
      "notifications",
      "scripts",
      "responders",
      "journal",
      "trackers",
      "runtime",
      "storage",
    ]);
    const wrong = imports.filter(({ from, to }) => {
      const there = folderOf(to);
      if (there === undefined || !doors.has(there) || there === folderOf(from)) return false;
      const door = from.endsWith(".guest.ts") ? /\/index\.guest\.ts$/ : /^src\/[^/]+\/index\.ts$/;
      return !door.test(to) && !to.endsWith(".do.ts");
    });
    expect(wrong.map(show)).toEqual([]);
  });

  it("keeps each package in its home", () => {
    const wrong = imports.filter(({ from, to }) =>
      HOMES.some(([pattern, allowed]) => pattern.test(to) && !allowed(from)),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it("names Durable Objects only in the Worker's entry", () => {
    const wrong = imports.filter(({ from, to }) => to.endsWith(".do.ts") && from !== "src/index.ts");
    expect(wrong.map(show)).toEqual([]);
  });

  it("reaches the management API only through a dynamic import, so that no hit evaluates it", () => {
    const wrong = imports.filter(
      ({ from, to, dynamic, typeOnly }) =>
        folderOf(to) === "api" && folderOf(from) !== "api" && !dynamic && !typeOnly,
    );
    expect(wrong.map(show)).toEqual([]);
  });

  it("has one door out", () => {
    // Calls, not a Durable Object's own method `fetch`.
    const calls = /(?<![.\w])(?:globalThis\.)?(?:fetch|connect)\((?!\w+\) ?\{)|new WebSocket\(/;
    const wrong = files.filter(
      (file) => !file.endsWith(".guest.ts") && file !== "src/runtime/egress.ts" && calls.test(codeOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it("runs guest files nowhere but in the guest", () => {
    const wrong = imports.filter(({ from, to }) => to.endsWith(".guest.ts") && !from.endsWith(".guest.ts"));
    expect(wrong.map(show)).toEqual([]);
  });
});
