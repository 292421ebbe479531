import type { CompilerAnswer, CompilerInput } from "./compile-source.guest.ts";
import { compileSource } from "./compile-source.guest.ts";

/** The prelude `compiler`: it runs alone in the sandbox, with no program and no capability (docs/host-door.md). */
type Host = (op: string, argument?: ArrayBuffer | string) => unknown;

const isHost = (value: unknown): value is Host => typeof value === "function";

const takeHost = (): Host => {
  const found: unknown = Reflect.get(globalThis, "__host");
  Reflect.deleteProperty(globalThis, "__host");
  if (!isHost(found)) throw new TypeError("The host door is missing.");
  return found;
};

const host = takeHost();

/** A frame without body. Its JSON is made ASCII, as the bare engine has no `TextEncoder`. */
const frame = (result: CompilerAnswer): ArrayBuffer => {
  const json = JSON.stringify({ body: "none", result });
  const ascii = json.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const bytes = new Uint8Array(4 + ascii.length);
  new DataView(bytes.buffer).setUint32(0, ascii.length, true);
  for (let at = 0; at < ascii.length; at += 1) bytes[4 + at] = ascii.charCodeAt(at);
  return bytes.buffer;
};

const readInput = (input: string): CompilerInput => {
  const given: unknown = JSON.parse(input);
  if (typeof given !== "object" || given === null || !("source" in given))
    throw new TypeError("No source was given.");
  const typescript = "language" in given && given.language === "ts";
  return { source: String(given.source), language: typescript ? "ts" : "js" };
};

const tell = (thrown: unknown): string => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return JSON.stringify({
    kind: "threw",
    name: error.name,
    message: error.message,
    stack: error.stack ?? "",
  });
};

export const start = (input: string): void => {
  try {
    host("answer", frame(compileSource(readInput(input))));
  } catch (thrown) {
    host("fail", tell(thrown));
  }
  host("done");
};

/** Nothing is asked of the host that it could answer later. */
export const settle = (): void => {};
