import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where texts are run: an empty folder, so that what one of them makes there shows, and a folder for what running takes. */
export interface Place {
  readonly empty: string;
  readonly files: string;
  readonly remove: () => void;
}

export const makePlace = (): Place => {
  const root = mkdtempSync(join(tmpdir(), "copy-as-"));
  const place = { empty: join(root, "empty"), files: join(root, "files") };
  mkdirSync(place.empty);
  mkdirSync(place.files);
  return { ...place, remove: () => rmSync(root, { recursive: true }) };
};

/** The whole path of a program, or `undefined`. */
export const find = (name: string): string | undefined => {
  try {
    return execFileSync("sh", ["-c", 'command -v -- "$1"', "sh", name], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
};

const writeAll = (texts: readonly string[], extension: string, { files }: Place): readonly string[] =>
  texts.map((text, index) => {
    const file = join(files, `${index}.${extension}`);
    writeFileSync(file, text);
    return file;
  });

/** Resolves with what it wrote to stderr, and how it ended if that was badly. */
const runProgram = (
  program: string,
  args: readonly string[],
  { empty }: Place,
  { input = "", env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: empty,
      env: {
        PATH: process.env["PATH"],
        HOME: empty,
        LANG: "C.UTF-8",
        HISTFILE: "/dev/null",
        NODE_NO_WARNINGS: "1",
        ...env,
      },
      stdio: ["pipe", "ignore", "pipe"],
      // An interactive shell would take the terminal of whoever runs the tests.
      detached: true,
      timeout: 20_000,
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (errors += part));
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? errors : `${errors}\nended with ${code}`));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });

/** Each in a shell of its own, forked from one: starting them from here would take longer than all that they do. */
const RUN_SCRIPTS = `
while IFS= read -r file; do
  COPY_OUT=$file
  export COPY_OUT
  ( . "$file" ) </dev/null >/dev/null 2>"$file.errors" || echo "ended with $?" >>"$file.errors"
done
`;

/** What each text, as a script, wrote to stderr, and how it ended if that was badly. */
export const runScripts = async (
  [shell, ...options]: readonly [string, ...string[]],
  texts: readonly string[],
  place: Place,
  path = process.env["PATH"] ?? "",
): Promise<readonly string[]> => {
  const files = writeAll(texts, "sh", place);
  const runner = join(place.files, "run-scripts.sh");
  writeFileSync(runner, RUN_SCRIPTS);
  const input = files.map((file) => `${file}\n`).join("");
  await runProgram(shell, [...options, runner], place, { input, env: { PATH: path } });
  return files.map((file) => readFileSync(`${file}.errors`, "utf8"));
};

/** Typed into an interactive bash: history is expanded there, and nowhere else. */
export const typeIntoBash = (text: string, place: Place): Promise<string> =>
  runProgram("bash", ["--norc", "--noprofile", "-i"], place, { input: `echo before\n${text}` });

/** One process that runs all texts one after another: starting one for each would take a minute. */
const runAll = async (
  program: string,
  runner: string,
  extension: string,
  texts: readonly string[],
  place: Place,
): Promise<string> => {
  const files = writeAll(texts, extension, place);
  const file = join(place.files, `run-all.${extension}`);
  writeFileSync(file, runner);
  return runProgram(program, [file], place, { input: JSON.stringify(files) });
};

const RUN_MODULES = `
import { readFileSync } from "node:fs";
for (const file of JSON.parse(readFileSync(0, "utf8"))) {
  await import(file).catch((error) => console.error(file, error.cause ?? error));
}
`;

export const runModules = (texts: readonly string[], place: Place): Promise<string> =>
  runAll(process.execPath, RUN_MODULES, "mjs", texts, place);

const RUN_PYTHON = `
import json, runpy, sys, traceback
for file in json.load(sys.stdin):
    try:
        runpy.run_path(file)
    except BaseException:
        print(file, file=sys.stderr)
        traceback.print_exc()
`;

export const runPython = (texts: readonly string[], place: Place): Promise<string> =>
  runAll("python3", RUN_PYTHON, "py", texts, place);

/** In place of HTTPie: keeps what a shell made of the command. */
const STAND_IN = `#!/bin/sh
printf '%s\\0' "$@" >"$COPY_OUT.args"
cat >"$COPY_OUT.stdin"
`;

export interface Command {
  readonly args: readonly string[];
  /** A file. */
  readonly stdin: string;
}

/** The words that HTTPie would be given, by each text, and its standard input. */
export const commandsOf = async (
  shell: string,
  texts: readonly string[],
  place: Place,
): Promise<readonly (Command | undefined)[]> => {
  const bin = join(place.files, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "http"), STAND_IN, { mode: 0o755 });
  await runScripts([shell], texts, place, `${bin}:${process.env["PATH"]}`);
  return texts.map((_, index) => {
    const out = join(place.files, `${index}.sh`);
    if (!existsSync(`${out}.args`)) return undefined;
    const args = readFileSync(`${out}.args`, "utf8").split("\0").slice(0, -1);
    return { args, stdin: `${out}.stdin` };
  });
};

const RUN_HTTPIE = `
import io, json, os, sys
commands = json.load(open(sys.argv[1]))
import httpie.core
from httpie.context import Environment
for args, stdin in commands:
    descriptor = os.open(stdin, os.O_RDONLY)
    os.dup2(descriptor, 0)
    os.close(descriptor)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    env = Environment(stdin=sys.stdin, stdin_isatty=False, stdout=open(os.devnull, "w"), stdout_isatty=False)
    try:
        httpie.core.main(["http", *args], env=env)
    except BaseException as error:
        print(args, error, file=sys.stderr)
`;

/** HTTPie itself, on the words that a shell made. */
export const runHttpie = (
  python: string,
  commands: readonly (Command | undefined)[],
  place: Place,
): Promise<string> => {
  const runner = join(place.files, "run-httpie.py");
  const list = join(place.files, "commands.json");
  writeFileSync(runner, RUN_HTTPIE);
  writeFileSync(
    list,
    JSON.stringify(
      commands.flatMap((command) => (command === undefined ? [] : [[command.args, command.stdin]])),
    ),
  );
  const config = join(place.files, "httpie");
  mkdirSync(config, { recursive: true });
  // Without this each command starts another process that asks the network for a newer HTTPie.
  writeFileSync(join(config, "config.json"), JSON.stringify({ disable_update_warnings: true }));
  return runProgram(python, [runner, list], place, { env: { HTTPIE_CONFIG_DIR: config } });
};

/** The Python that HTTPie is installed for: the first line of its script says it. */
export const httpiePython = (): string | undefined => {
  const script = find("http");
  const line = script === undefined ? "" : (readFileSync(script, "utf8").split("\n")[0] ?? "");
  return /^#!(\S*python\S*)/.exec(line)?.[1];
};
