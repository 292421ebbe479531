import { expressionPrelude, modulePrelude } from "../../build/guest.ts";
import type { TierLimits } from "../accounts/index.ts";
import type { HeaderPairs } from "../lib/headers.ts";
import {
  base64Codec,
  columnShift,
  encoding,
  figuresOf,
  random,
  sealing,
  secrets as secretsOf,
  subtleCrypto,
  timers,
  url,
} from "../runtime/index.ts";
import type {
  Capability,
  GuestError,
  Outcome,
  Prelude,
  Run,
  RunRequest,
  SecretPowers,
  Share,
} from "../runtime/index.ts";
import type { Program, ProgramPart, ScriptForm } from "./compiled.ts";
import { readAnswer } from "./contract.ts";
import type { ScriptAnswer } from "./contract.ts";
import { hitInput } from "./hit-input.ts";
import { mapLog, mapStack, OWN_FILE, placeIn } from "./positions.ts";
import { runLimits } from "./run-limits.ts";

/** What a script is told of a hit: the journey's `Hit` and what the route adds to it. */
export interface ScriptInput {
  readonly requestId: string;
  readonly method: string;
  /** Whole, as the sender used it. */
  readonly url: string;
  /** Below the handle, raw, with its leading slash. */
  readonly path: string;
  /** Without the `?`; `null` when there was none. */
  readonly rawQuery: string | null;
  readonly headers: HeaderPairs;
  /** Stays on the host until the script reads it. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly client: {
    readonly ip: string | null;
    readonly country?: string;
    readonly asn?: number;
    readonly tlsVersion?: string;
  };
  readonly params: Readonly<Record<string, string>>;
  readonly responder: { readonly id: string; readonly name: string };
  /** The exchange that is replayed, and when it arrived, in ms since the epoch. */
  readonly replay?: { readonly of: string; readonly at: number };
}

/** The secrets that a run was granted. A secret's place is the same in all of these. */
export interface RunSecrets {
  readonly names: readonly string[];
  /** What each reads as in the script: its placeholder or, when they are revealed, its text. */
  readonly texts: readonly string[];
  readonly revealed: boolean;
  readonly powers: SecretPowers;
}

export interface ExecuteRequest {
  readonly program: Program;
  readonly input: ScriptInput;
  readonly limits: TierLimits;
  readonly share: Share;
  /** Powers beyond those that every script has. */
  readonly grants?: readonly Capability[];
  readonly secrets?: RunSecrets;
  /** Where what the script lets go on goes to; its `onResponse` needs the capability `forward` besides. */
  readonly upstream?: {
    /** `spy`: the default response is the answer of a script that gives none. */
    readonly mode: "forward" | "spy";
    /** The longest that a run waits for it, in ms: none of that is its own time. */
    readonly waitMs: number;
  };
  /** 16 bytes; fixed where a run must repeat exactly (`test`, `run`). */
  readonly seed?: Uint8Array;
}

/** `answer` is there exactly when the outcome is `returned`. Errors stand in the user's own lines. */
export interface Executed {
  readonly outcome: Outcome;
  readonly answer: ScriptAnswer | null;
}

/** `answer` settles as soon as the script has answered or failed, `end` when its `waitUntil` is over too. Neither rejects. */
export interface Execution {
  readonly answer: Promise<Executed>;
  readonly end: Promise<Outcome>;
}

export type Execute = (request: ExecuteRequest) => Execution;

export interface ExecuteDeps {
  readonly run: (request: RunRequest) => Run;
  readonly randomBytes: (count: number) => Uint8Array;
}

const preludeOf = (name: ScriptForm, scripts: readonly string[]): Prelude => ({
  name,
  source: scripts.at(-1) ?? "",
  ahead: scripts.slice(0, -1),
});

const PRELUDES: Readonly<Record<ScriptForm, Prelude>> = {
  module: preludeOf("module", modulePrelude),
  expression: preludeOf("expression", expressionPrelude),
};

/** What every script may do: none of it reaches anything outside the run. */
const COMMON: readonly Capability[] = [base64Codec, encoding, random, subtleCrypto, timers, url];

const mappedError = (parts: readonly ProgramPart[], error: GuestError): GuestError => {
  const stack = mapStack(parts, error.stack);
  if (error.line === null) return { ...error, stack };
  const { file, line, column } = placeIn(parts, error.line, error.column ?? 1);
  return {
    ...error,
    stack,
    ...(file === OWN_FILE ? {} : { file }),
    line,
    column: error.column === null ? null : column,
  };
};

/** The same outcome with positions in the sources that the user wrote. */
const inUsersLines = (parts: readonly ProgramPart[], outcome: Outcome): Outcome => {
  switch (outcome.kind) {
    case "threw":
    case "unusable":
      return { ...outcome, error: mappedError(parts, outcome.error) };
    case "exceeded":
      return outcome.error === undefined ? outcome : { ...outcome, error: mappedError(parts, outcome.error) };
    case "returned":
    case "unavailable":
      return outcome;
    default:
      return outcome satisfies never;
  }
};

/** The errors that were logged stand there too. */
const withLogs = ({ form, parts }: Program, outcome: Outcome): Outcome => {
  const shift = (line: number): number => columnShift(line, form === "expression");
  return {
    ...outcome,
    logs: outcome.logs.map((entry) => ({ ...entry, text: mapLog(parts, entry.text, shift) })),
  };
};

const unfit = (outcome: Outcome, message: string): Outcome => ({
  kind: "unusable",
  reason: "bad-result",
  error: { name: "BadResult", message, stack: "", line: null, column: null },
  ...figuresOf(outcome),
});

const judge = (program: Program, ended: Outcome): Executed => {
  const outcome = withLogs(program, ended);
  if (outcome.kind !== "returned") return { outcome: inUsersLines(program.parts, outcome), answer: null };
  const answer = readAnswer(outcome.answer);
  if (answer.kind !== "unfit") return { outcome, answer };
  const { body } = outcome.answer;
  // Nobody will read it.
  if (body !== null && "stream" in body) void body.stream.cancel().catch(() => undefined);
  return { outcome: unfit(outcome, answer.message), answer: null };
};

/** Runs a compiled script on one hit: chooses the driver of its form, grants, and checks what comes out. */
export const createExecute =
  (deps: ExecuteDeps): Execute =>
  (request) => {
    const { program, input, grants = [] } = request;
    const bodies = input.body === null ? [] : [input.body];
    const secrets = request.secrets?.names.length === 0 ? undefined : request.secrets;
    const run = deps.run({
      prelude: PRELUDES[program.form],
      program: { form: program.form, code: program.code },
      input: hitInput(input, request.limits.wallMs, {
        hasState: grants.some(({ name }) => name === "kv"),
        hasHttp: grants.some(({ name }) => name === "http"),
        secrets,
        upstream: request.upstream?.mode,
      }),
      bodies,
      grants: [
        ...COMMON,
        ...(program.form === "expression" ? [sealing] : []),
        ...(secrets === undefined ? [] : [secretsOf(secrets.powers, bodies)]),
        ...grants,
      ],
      confidential: secrets?.revealed === true,
      pauseMs: request.upstream?.waitMs ?? 0,
      limits: runLimits(request.limits),
      share: request.share,
      seed: request.seed ?? deps.randomBytes(16),
    });
    const end = async (): Promise<Outcome> => judge(program, await run.end).outcome;
    const answer = async (): Promise<Executed> => judge(program, await run.answer);
    return { answer: answer(), end: end() };
  };
