import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonString, scriptString } from "../../../src/journal/copy-as/literals.ts";
import { shellWord } from "../../../src/journal/copy-as/shell.ts";
import { isShowable } from "../../../src/journal/showable.ts";
import { find } from "./copy-as-run.ts";

const HOSTILE = [
  ...Array.from(
    "'\"\\`$!%-@#~*?[](){}<>|&;^ =:/\t\r\u0001\u001b\u007f\u009b\u0085\u00a0\u0107\u200f\u202e\u2028\ufeff",
  ),
  "\n",
  "''",
  "$(x)",
  "%s",
  "\\047",
  "\\n",
  "\\u0041",
  "</script>",
  "<!--",
  "\u{e0041}",
  "🙂",
  "ש",
];

const anyText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" })), { maxLength: 12 })
  .map((parts) => parts.join(""));

/** Thousands of texts, and everything in one process: the same ones each time. */
const texts = (keep: (text: string) => boolean): readonly string[] =>
  fc.sample(anyText, { numRuns: 3000, seed: 4 }).filter(keep);

// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const isLine = /^[^\0-\x1f\x7f]*$/;

describe("a word for a shell", () => {
  it.each(["sh", "bash", "zsh"].filter((shell) => find(shell) !== undefined))(
    "is read by %s as the text that it stands for, whatever that is",
    (shell) => {
      const words = texts((text) => !text.includes("\0") && !text.endsWith("\n"));
      expect(words.length).toBeGreaterThan(1000);
      const script = words.map((word) => `printf '%s\\0' ${shellWord(word)}\n`).join("");
      const read = execFileSync(shell, ["-s"], { input: script, encoding: "utf8", env: { LANG: "C.UTF-8" } });
      expect(read.split("\0").slice(0, -1)).toEqual(words);
    },
  );

  it("shows nothing that acts on a terminal", () => {
    for (const text of texts(() => true)) {
      expect(shellWord(text)).toMatch(isLine);
      expect(isShowable(shellWord(text))).toBe(true);
    }
  });
});

describe("a string of a program", () => {
  it("is read by JavaScript as the text that it stands for", () => {
    for (const text of texts(() => true)) {
      const literal = scriptString(text);
      expect(isShowable(literal)).toBe(true);
      expect(literal).not.toMatch(/<\/|<!--/);
      // eslint-disable-next-line typescript/no-implied-eval -- a literal of ours is what is tested
      expect(new Function(`return ${literal}`)()).toBe(text);
    }
  });

  it.skipIf(find("python3") === undefined)("is read by Python as the text that it stands for", () => {
    const given = texts((text) => text.isWellFormed());
    const literals = given.map(pythonString);
    for (const literal of literals) expect(isShowable(literal)).toBe(true);
    const program = `import json\nprint(json.dumps([\n${literals.join(",\n")}\n]))\n`;
    const read: unknown = JSON.parse(execFileSync("python3", ["-"], { input: program, encoding: "utf8" }));
    expect(read).toEqual(given);
  });
});

describe("what is shown as it is", () => {
  it("is text that a person sees", () => {
    for (const text of ["", "plain ~", "naïve – 漢字 🙂 €", "日本語", "Ωμέγα", "e\u0301"])
      expect(isShowable(text)).toBe(true);
  });

  it("is nothing that acts, hides or reorders", () => {
    const hidden = [
      "\n",
      "\t",
      "\u001b",
      "\u007f",
      "\u009b",
      "\u00a0",
      "\u00ad",
      "\u061c",
      "\u200b",
      "\u200e",
      "\u200f",
      "\u2028",
      "\u202e",
      "\u2066",
      "\ufeff",
      "\u{e0041}",
      "\ud800",
      "\u05d0",
      "\u0627",
      "\ue000",
      "\u3164",
    ];
    for (const text of hidden) expect(isShowable(`a${text}b`)).toBe(false);
  });
});
