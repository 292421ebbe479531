import type { AnyNode, Expression, Node, Super } from "acorn";

export type Visit = (node: AnyNode, parent: AnyNode | undefined) => void;

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/**
 * Every node under `root`, itself first, each before what is in it, else in no order. With a stack of its own, as
 * depth is the script's to choose; plain loops, as every node of every save passes here on metered time.
 */
export const walk = (root: AnyNode, visit: Visit): void => {
  const nodes: AnyNode[] = [root];
  const parents: (AnyNode | undefined)[] = [undefined];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    visit(node, parents.pop());
    for (const value of Object.values(node) as readonly unknown[]) {
      if (typeof value !== "object" || value === null) continue;
      if (!Array.isArray(value)) {
        if (isNode(value)) {
          nodes.push(value);
          parents.push(node);
        }
        continue;
      }
      for (const item of value as readonly unknown[]) {
        if (!isNode(item)) continue;
        nodes.push(item);
        parents.push(node);
      }
    }
  }
};

/** Visits the nodes right inside of one. */
export const eachChild = (node: AnyNode, visit: (child: AnyNode) => void): void => {
  for (const value of Object.values(node) as readonly unknown[]) {
    if (typeof value !== "object" || value === null) continue;
    if (isNode(value)) visit(value);
    if (!Array.isArray(value)) continue;
    for (const item of value as readonly unknown[]) if (isNode(item)) visit(item);
  }
};

/** What stands in the parentheses. */
export const unwrap = (node: Expression | Super): Expression | Super => {
  let inner = node;
  while (inner.type === "ParenthesizedExpression" || inner.type === "ChainExpression")
    inner = inner.expression;
  return inner;
};

/** The names that a pattern binds. */
export const boundNames = (pattern: AnyNode): readonly string[] => {
  const names: string[] = [];
  const rest: AnyNode[] = [pattern];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (node.type === "Identifier") names.push(node.name);
    else if (node.type === "AssignmentPattern") rest.push(node.left);
    else if (node.type === "Property") rest.push(node.value);
    else eachChild(node, (child) => void rest.push(child));
  }
  return names;
};

/** The name of a property that is written out: `.name`, `["name"]`, `{ name }`, `{ "name": … }`. */
export const staticName = (key: Node & AnyNode, computed: boolean): string | undefined => {
  if (key.type === "Identifier") return computed ? undefined : key.name;
  if (key.type === "Literal") return typeof key.value === "string" ? key.value : undefined;
  return undefined;
};
