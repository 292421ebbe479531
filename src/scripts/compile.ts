import { utf8 } from "../lib/bytes.ts";
import type { Share } from "../runtime/index.ts";
import type { Compiled, ScriptLanguage } from "./compiled.ts";
import { readCompiled } from "./read-compiled.ts";
import { type CompileDeps, runForSave, TOO_LARGE } from "./run-for-save.ts";

export const SOURCE_BYTES = 256 * 1024;

/**
 * CPU for one compilation: a fixed part, and one for each KiB of source up to a ceiling. Code as people write it needs
 * half of it (measured: docs/adr/0010-compile-inside-the-sandbox.md), and a short source that makes a parser try every
 * way is stopped soon.
 */
const BASE_MS = 250;
const MS_PER_KIB = 30;
const MOST_MS = 6_000;

export interface CompileInput {
  readonly source: string;
  readonly language: ScriptLanguage;
  /** Who pays for the run. */
  readonly share: Share;
}

const refused = (message: string, line: number | null = null, column: number | null = null): Compiled => ({
  kind: "refused",
  errors: [{ message, line, column }],
});

/** What the engine's own text handling would change or cut, so that it saw another script than the parser did. */
const UNREADABLE = /\0|\p{Surrogate}/u;

const refuseText = (source: string): Compiled | undefined => {
  const bytes = utf8(source).length;
  if (bytes > SOURCE_BYTES)
    return refused(`The script has ${bytes} bytes: at most ${SOURCE_BYTES} (256 KiB) are allowed`);
  const at = UNREADABLE.exec(source)?.index;
  if (at === undefined) return undefined;
  const lines = source.slice(0, at).split(/\r\n|\r|\n/);
  const what = source[at] === "\0" ? "a NUL character" : "half of a surrogate pair";
  return refused(
    `The script holds ${what}: write it as an escape, \`\\u….\``,
    lines.length,
    (lines.at(-1) ?? "").length + 1,
  );
};

const cpuFor = (source: string): number =>
  Math.min(MOST_MS, BASE_MS + Math.ceil((source.length / 1024) * MS_PER_KIB));

const runCompiler = async (
  deps: CompileDeps,
  input: CompileInput,
  preludeSource: string,
): Promise<Compiled> => {
  const { source, language, share } = input;
  const outcome = await runForSave(deps, {
    prelude: { name: "compiler", source: preludeSource },
    program: { form: "none", code: "" },
    input: { source, language },
    heapMb: 32,
    cpuMs: cpuFor(source),
    share,
  });
  if (outcome.kind === "exceeded") return refused(TOO_LARGE);
  const compiled = outcome.kind === "returned" ? readCompiled(resultOf(outcome.answer.head)) : undefined;
  if (compiled === undefined) {
    throw new Error(`The compiler failed: ${"error" in outcome ? outcome.error?.message : outcome.kind}`);
  }
  return compiled;
};

const resultOf = (head: unknown): unknown =>
  typeof head === "object" && head !== null && "result" in head ? head.result : undefined;

/**
 * Turns one source into what `link` makes programs of. Its parsers run in the sandbox, under its limits.
 * The user's mistakes are an answer; throws `AppError` only when there is no room for the run.
 */
export const compile = async (deps: CompileDeps, input: CompileInput): Promise<Compiled> => {
  const unreadable = refuseText(input.source);
  if (unreadable !== undefined) return unreadable;
  // Loaded with the first save: no hit needs it.
  const { compilerPrelude } = await import("../../build/compiler.ts");
  return runCompiler(deps, input, compilerPrelude);
};
