import { readFileSync } from "node:fs";
import type { Command } from "./copy-as-run.ts";
import type { Received } from "./copy-as-recorder.ts";

/**
 * HTTPie's documented grammar of a command, written once more: what it would send. Of options only those that have to
 * do with the request are known, so that another one is a failure.
 */
const SEPARATORS = [":=@", "==@", ":=", "==", ":@", "=@", ":", ";", "=", "@"];

interface Item {
  readonly key: string;
  readonly separator: string;
  readonly value: string;
}

/** The first separator that is not behind a backslash, the longest of those that begin there. */
const itemOf = (text: string): Item => {
  // In `plain` what is escaped cannot be found; in `whole` it stands. Both are of one length.
  let plain = "";
  let whole = "";
  for (let at = 0; at < text.length; at += 1) {
    const next = text.charAt(at + 1);
    if (text[at] !== "\\" || next === "") {
      plain += text.charAt(at);
      whole += text.charAt(at);
      continue;
    }
    const isEscape = /[:;=@]/.test(next);
    plain += isEscape ? "\0" : `\\${next}`;
    whole += isEscape ? next : `\\${next}`;
    at += 1;
  }
  const start = plain.search(/[:;=@]/);
  const separator = SEPARATORS.find((each) => plain.startsWith(each, start));
  if (start < 0 || separator === undefined) throw new Error(`No item: ${text}`);
  return {
    key: whole.slice(0, start).toLowerCase(),
    separator,
    value: whole.slice(start + separator.length),
  };
};

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

export const sentBy = ({ args, stdin }: Command): Received => {
  const words = [...args];
  let body: Buffer = readFileSync(stdin);
  let isIgnored = false;
  while (words[0]?.startsWith("--") === true) {
    const option = words.shift() ?? "";
    if (option === "--ignore-stdin") isIgnored = true;
    else if (option.startsWith("--raw=")) body = Buffer.from(option.slice("--raw=".length));
    else if (option !== "--ignore-netrc" && option !== "--path-as-is") throw new Error(`Option ${option}`);
  }
  if (!isIgnored && args.some((word) => word.startsWith("--raw="))) throw new Error("Two bodies");
  const [method = "", url = "", ...rest] = words;
  const [, host = "", target = ""] = /^http:\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const headers = new Map<string, string[]>([["host", [host]]]);
  let isOver = false;
  for (const word of rest) {
    if (word === "--" && !isOver) isOver = true;
    else {
      if (!isOver && word.startsWith("-")) throw new Error(`Option ${word}`);
      const { key, separator, value } = itemOf(word);
      if (separator === ";" ? value !== "" : separator !== ":") throw new Error(`No header: ${word}`);
      if (separator === ":" && value === "") headers.delete(key);
      else if (key === "host") headers.set(key, [value]);
      else headers.set(key, [...(headers.get(key) ?? []), value]);
    }
  }
  return {
    method,
    target,
    headers: [...headers].flatMap(([name, values]) => values.map((value) => [name, latin1(value)] as const)),
    body,
  };
};
