// `node scripts/complete-lock.mjs`, after every `npm install`: writes into the lock the optional packages of other platforms
// that npm left out. npm leaves out what a registry mirror does not hold, and `npm ci` then refuses the lock everywhere.
// The entries carry a version and a platform, no integrity: machines of those platforms take it from their own registry.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const file = join(dirname(fileURLToPath(import.meta.url)), "..", "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));

const SYSTEMS = {
  windows: "win32",
  win32: "win32",
  darwin: "darwin",
  linux: "linux",
  android: "android",
  freebsd: "freebsd",
  openharmony: "openharmony",
};
const PROCESSORS = {
  64: "x64",
  x64: "x64",
  arm64: "arm64",
  arm: "arm",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
};

const platformOf = (name) => {
  const words = name.split("/").at(-1).split("-");
  const system = words.map((word) => SYSTEMS[word]).find((found) => found !== undefined);
  const processor = words.map((word) => PROCESSORS[word]).find((found) => found !== undefined);
  if (system === undefined || processor === undefined) throw new Error(`Which platform is ${name} for?`);
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.includes("gnu")
      ? ["glibc"]
      : undefined;
  return { cpu: [processor], os: [system], ...(libc === undefined ? {} : { libc }) };
};

let added = 0;
for (const [where, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const known = [`${where}/node_modules/${name}`, `node_modules/${name}`].some(
      (place) => place in lock.packages,
    );
    if (known || !/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), dev: true, optional: true };
    added += 1;
  }
}
if (added > 0) {
  const root = lock.packages[""];
  const sorted = Object.entries(lock.packages)
    .filter(([where]) => where !== "")
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  lock.packages = { "": root, ...Object.fromEntries(sorted) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
process.stdout.write(`${added} packages of other platforms added to the lock.\n`);
