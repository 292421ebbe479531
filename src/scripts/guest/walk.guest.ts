import type { AnyNode, Expression, Node, Super } from "acorn";

export type Visit = (node: AnyNode, parent: AnyNode | undefined) => void;

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Every node under `root`, itself first. With a stack of its own, as depth is the script's to choose. */
export const walk = (root: AnyNode, visit: Visit): void => {
  const waiting: (readonly [AnyNode, AnyNode | undefined])[] = [[root, undefined]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, parent] = next;
    visit(node, parent);
    const children = Object.values(node)
      .flatMap((value: unknown): unknown[] => (Array.isArray(value) ? value : [value]))
      .filter(isNode);
    for (const child of children.toReversed()) waiting.push([child, node]);
  }
};

/** What stands in the parentheses. */
export const unwrap = (node: Expression | Super): Expression | Super => {
  let inner = node;
  while (inner.type === "ParenthesizedExpression" || inner.type === "ChainExpression") inner = inner.expression;
  return inner;
};

/** The names that a pattern binds. Names in its default values come along: nobody minds one too many. */
export const boundNames = (pattern: AnyNode): readonly string[] => {
  const names: string[] = [];
  walk(pattern, (node, parent) => {
    const key = parent?.type === "Property" && parent.key === node && !parent.shorthand;
    if (node.type === "Identifier" && !key) names.push(node.name);
  });
  return names;
};

/** The name of a property that is written out: `.name`, `["name"]`, `{ name }`, `{ "name": … }`. */
export const staticName = (key: Node & AnyNode, computed: boolean): string | undefined => {
  if (key.type === "Identifier") return computed ? undefined : key.name;
  if (key.type === "Literal") return typeof key.value === "string" ? key.value : undefined;
  return undefined;
};
