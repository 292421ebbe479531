import { utf8 } from "../lib/bytes.ts";
import { AppError } from "../lib/errors.ts";
import type { Limits, Outcome, Run, RunRequest, Share } from "../runtime/index.ts";
import { CHECK_PRELUDE } from "./check-prelude.ts";
import type { Compiled, Program, ScriptFault, ScriptLanguage } from "./compiled.ts";
import { mapPosition } from "./positions.ts";
import { readCompiled } from "./read-compiled.ts";

export const SOURCE_BYTES = 256 * 1024;

/**
 * CPU for one compilation: a fixed part, and one for each KiB of source up to a ceiling. Code as people write it needs
 * half of it (measured: docs/adr/0010-compile-inside-the-sandbox.md), and a short source that makes a parser try every
 * way is stopped soon.
 */
const BASE_MS = 250;
const MS_PER_KIB = 30;
const MOST_MS = 6_000;
const CHECK_MS = 250;

const LIMITS: Omit<Limits, "heapMb" | "cpuMs"> = {
  wallMs: 30_000,
  hostCalls: 0,
  hostCallsInFlight: 0,
  timers: 0,
  answerBodyBytes: 0,
  answerHeadBytes: 8 * 1024 * 1024,
  logBytes: 0,
  logLines: 0,
};

const TOO_LARGE =
  "The script is too large or too deeply nested to be compiled: make it shorter, put long data into one string, " +
  "or move inner parts into functions of their own";
const UPSTREAM_ONLY =
  "`onResponse` alone needs an upstream, which this responder does not have: export `default` to answer requests";

export interface CompileInput {
  readonly source: string;
  readonly language: ScriptLanguage;
  /** Whether `onResponse` has a response to look at. */
  readonly hasUpstream?: boolean;
  /** Who pays for the run. */
  readonly share: Share;
}

export interface CompileDeps {
  readonly run: (request: RunRequest) => Run;
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

/** The ending of a run that is nobody's mistake, or a bug; the rest is for the caller. */
const judge = (outcome: Outcome): Compiled | Outcome => {
  if (outcome.kind === "unavailable") {
    // Not `over-limit`, for which waiting would not help: shares come free again.
    throw new AppError("unavailable", "No room to compile the script now: try again", {
      retryAfterSeconds: outcome.retryAfterSeconds,
    });
  }
  return outcome.kind === "exceeded" ? refused(TOO_LARGE) : outcome;
};

const isCompiled = (value: Compiled | Outcome): value is Compiled =>
  value.kind === "compiled" || value.kind === "refused";

const cpuFor = (source: string): number =>
  Math.min(MOST_MS, BASE_MS + Math.ceil((source.length / 1024) * MS_PER_KIB));

const runCompiler = async (
  deps: CompileDeps,
  input: CompileInput,
  preludeSource: string,
): Promise<Compiled> => {
  const { source, language, share } = input;
  const outcome = judge(
    await deps.run({
      prelude: { name: "compiler", source: preludeSource },
      program: { form: "none", code: "" },
      input: { source, language },
      bodies: [],
      grants: [],
      limits: { ...LIMITS, heapMb: 32, cpuMs: cpuFor(source) },
      share,
      seed: new Uint8Array(16),
    }).end,
  );
  if (isCompiled(outcome)) return outcome;
  const compiled = outcome.kind === "returned" ? readCompiled(resultOf(outcome.answer.head)) : undefined;
  if (compiled === undefined) {
    throw new Error(`The compiler failed: ${"error" in outcome ? outcome.error?.message : outcome.kind}`);
  }
  return compiled;
};

const resultOf = (head: unknown): unknown =>
  typeof head === "object" && head !== null && "result" in head ? head.result : undefined;

/** What only the engine itself refuses: the code is compiled as a hit would, and not run. */
const checkByEngine = async (
  deps: CompileDeps,
  program: Program,
  share: Share,
): Promise<ScriptFault | undefined> => {
  const outcome = judge(
    await deps.run({
      prelude: CHECK_PRELUDE,
      program: { form: program.form, code: program.code },
      input: null,
      bodies: [],
      grants: [],
      limits: { ...LIMITS, heapMb: 10, cpuMs: CHECK_MS },
      share,
      seed: new Uint8Array(16),
    }).end,
  );
  if (isCompiled(outcome)) return outcome.kind === "refused" ? outcome.errors[0] : undefined;
  if (outcome.kind === "returned") return undefined;
  if (outcome.kind !== "threw") throw new Error(`The engine's check failed: ${outcome.kind}`);
  const { name, message, line } = outcome.error;
  // Its own parser calls itself too.
  if (name !== "SyntaxError") return { message: TOO_LARGE, line: null, column: null };
  return {
    message: `The engine does not accept this: ${message}`,
    line: line === null ? null : mapPosition(program.map, line, 1).line,
    column: null,
  };
};

/**
 * Turns a user's source into what the engine gets. Every parser of it runs in the sandbox, under its limits.
 * The user's mistakes are an answer; throws `AppError` only when there is no room for the runs.
 */
export const compile = async (deps: CompileDeps, input: CompileInput): Promise<Compiled> => {
  const unreadable = refuseText(input.source);
  if (unreadable !== undefined) return unreadable;
  // Loaded with the first save: no hit needs it.
  const { compilerPrelude } = await import("../../build/compiler.ts");
  const compiled = await runCompiler(deps, input, compilerPrelude);
  if (compiled.kind === "refused") return compiled;
  const { form, handlers } = compiled.program;
  const answers = form === "expression" || handlers.some((handler) => handler !== "onResponse");
  if (!answers && input.hasUpstream !== true) return refused(UPSTREAM_ONLY);
  const fault = await checkByEngine(deps, compiled.program, input.share);
  return fault === undefined ? compiled : { kind: "refused", errors: [fault] };
};
