import { utf8 } from "../../lib/bytes.ts";
import { escapeUnshowable, isShowable } from "../showable.ts";
import type { DraftBody } from "./draft.ts";
import { base64Lines } from "./literals.ts";

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const octalByte = (byte: number): string => `\\${byte.toString(8).padStart(3, "0")}`;

/** Three digits always: what follows may be one. */
const octal = (char: string): string => Array.from(utf8(char), octalByte).join("");

/**
 * A format for `printf`: no directive, no quote, no leading hyphen (an option), and no `!`, which an interactive bash
 * expands within double quotes even where single ones are inside.
 */
const printfFormat = (text: string): string =>
  escapeUnshowable(
    text
      .replaceAll("\\", "\\\\")
      .replaceAll("%", "%%")
      .replaceAll(/['!]|^-/g, octal),
    (char) => NAMED[char] ?? octal(char),
  );

/**
 * One word, the same in sh, bash and zsh, of any text without NUL that does not end in a line feed. Nothing in single
 * quotes is expanded; what is not to be shown is made by `printf`, as POSIX has `$'…'` only since 2024 and dash has not.
 */
export const shellWord = (text: string): string => {
  if (/^[A-Za-z]+$/.test(text)) return text;
  return isShowable(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"$(printf '${printfFormat(text)}')"`;
};

/** How a command gets its body. */
export type ShellBody =
  | { readonly kind: "none" }
  | { readonly kind: "argument"; readonly word: string }
  /** On its standard input: what stands before the command, and the lines after it. */
  | { readonly kind: "piped"; readonly before: string; readonly after: string };

/** Base64 in a here-document has no limit of arguments, holds any byte, and no line of it can end it: `-` is no base64. */
export const shellBody = (body: DraftBody): ShellBody => {
  switch (body.kind) {
    case "none":
      return body;
    case "text":
      return isShowable(body.text)
        ? { kind: "argument", word: shellWord(body.text) }
        : { kind: "piped", before: `printf '${printfFormat(body.text)}' | `, after: "" };
    case "bytes":
      return {
        kind: "piped",
        before: "base64 -d <<'END-OF-BODY' | ",
        after: `${base64Lines(body.bytes)}\nEND-OF-BODY\n`,
      };
  }
};

/** A command of one argument a line. */
export const shellCommand = (body: ShellBody, words: readonly string[]): string => {
  const command = `${words.join(" \\\n  ")}\n`;
  return body.kind === "piped" ? `${body.before}${command}${body.after}` : command;
};
