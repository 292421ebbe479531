/** Where a text stops being JSON: 1-based, in UTF-16 units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

const SPACE = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- JSON's strings hold none of them
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

const endOf = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};

type Expected = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end";

/**
 * The offset of the first character that cannot be part of JSON (RFC 8259), or the length when it ends too early.
 * V8 tells it in its message only for long texts and some faults. Iterative: depth costs no stack.
 */
const faultOffset = (text: string): number => {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    at = endOf(SPACE, text, at) ?? at;
    const inside = open.at(-1);
    if (expected === "comma-or-end" && inside === undefined) return at;
    const char = text.charAt(at);
    if ((char === "}" || char === "]") && expected.endsWith("-or-end")) {
      if (char !== (inside === "{" ? "}" : "]")) return at;
      open.pop();
      at += 1;
      expected = "comma-or-end";
    } else if (expected === "comma-or-end") {
      if (char !== ",") return at;
      expected = inside === "{" ? "key" : "value";
      at += 1;
    } else if (expected === "colon") {
      if (char !== ":") return at;
      expected = "value";
      at += 1;
    } else if (expected === "key" || expected === "key-or-end") {
      const end = endOf(STRING, text, at);
      if (end === undefined) return at;
      expected = "colon";
      at = end;
    } else if (char === "{" || char === "[") {
      open.push(char);
      expected = char === "{" ? "key-or-end" : "value-or-end";
      at += 1;
    } else {
      const end = endOf(char === '"' ? STRING : SCALAR, text, at);
      if (end === undefined) return at;
      expected = "comma-or-end";
      at = end;
    }
  }
};

/** For a text that `JSON.parse` has refused. A string that does not end is reported where it begins. */
export const jsonFaultPosition = (text: string): TextPosition => {
  const before = text.slice(0, faultOffset(text)).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
};
