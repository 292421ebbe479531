import { fork } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../scripts/prepare.ts";
import type { Question } from "./serve.ts";

/** A process of its own that measures: what crashes or hangs there is an error here, and nothing worse. */
export interface Child {
  readonly ask: (question: Question) => Promise<unknown>;
  readonly end: () => void;
}

/** A scenario takes seconds; whoever takes longer than this hangs. */
const PATIENCE_MS = 90_000;
const KEPT_OUTPUT = 4_000;
const MAX_REASON = 200;

const own = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

/** The line of a crash's output that says most. */
const reasonIn = (output: string): string => {
  const lines = output.split("\n").map((line) => line.trim());
  const named = lines.find((line) => /^(\w*Error\b|FATAL)/.test(line));
  return (named ?? lines.find((line) => line !== "") ?? "").slice(0, MAX_REASON);
};

export const startChild = (file: string, flags: readonly string[] = []): Child => {
  const child = fork(join(ROOT, file), [], {
    cwd: ROOT,
    execArgv: ["--disable-warning=ExperimentalWarning", ...flags],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let output = "";
  child.stderr?.on("data", (data) => {
    output = (output + String(data)).slice(-KEPT_OUTPUT);
  });
  let gone: string | undefined;
  let onGone: (() => void) | undefined;
  const leave = (why: string): void => {
    gone ??= why;
    onGone?.();
  };
  child.on("error", (error) => leave(error.message));
  child.on("close", (code, signal) =>
    leave(`ended with ${signal ?? `code ${code}`}. ${reasonIn(output)}`.trim()),
  );

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          child.kill("SIGKILL");
          leave(`no answer in ${PATIENCE_MS / 1_000} s`);
        }, PATIENCE_MS);
        const finish = (): void => {
          clearTimeout(timer);
          child.off("message", onMessage);
          onGone = undefined;
        };
        const onMessage = (answer: unknown): void => {
          finish();
          if (own(answer, "ok") === true) resolve(own(answer, "figures"));
          else reject(new Error(String(own(answer, "message"))));
        };
        onGone = (): void => {
          finish();
          reject(new Error(gone));
        };
        child.on("message", onMessage);
        if (gone === undefined) child.send(question);
        else onGone();
      }),
    end: () => {
      child.kill("SIGKILL");
    },
  };
};
