import { type AnyNode, parse, type TemplateLiteral } from "acorn";

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** What stands between a template's expressions, its quotes and braces included. */
const editsOf = ({ start, end, quasis }: TemplateLiteral): Edit[] =>
  quasis.map(({ start: from, end: to, value }, index) => {
    const first = index === 0;
    const last = index === quasis.length - 1;
    return {
      from: first ? start : from - 1,
      to: last ? end : to + 2,
      text: `${first ? "(" : ")+"}${quoted(value.cooked ?? "")}${last ? ")" : "+("}`,
    };
  });

const templatesIn = (node: AnyNode): readonly Edit[] => {
  if (node.type === "TaggedTemplateExpression") throw new Error("The guest's code has a tagged template.");
  const children = Object.values(node)
    .flatMap((value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
  return [...(node.type === "TemplateLiteral" ? editsOf(node) : []), ...children.flatMap(templatesIn)];
};

/**
 * A script with `+` in place of templates. The engine makes a template by calling the string's method `concat`, which a
 * script of the user's can replace: what the prelude says would be what the script wants said.
 */
export const withoutTemplates = (code: string): string => {
  const program = parse(code, {
    ecmaVersion: "latest",
    sourceType: "script",
    allowAwaitOutsideFunction: true,
  });
  let text = "";
  let copied = 0;
  for (const { from, to, text: put } of [...templatesIn(program)].toSorted((a, b) => a.from - b.from)) {
    text += code.slice(copied, from) + put;
    copied = to;
  }
  return text + code.slice(copied);
};
