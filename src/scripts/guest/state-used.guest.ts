import type { AnyNode } from "acorn";
import type { Use } from "./secrets-used.guest.ts";
import { staticName, unwrap, walk } from "./walk.guest.ts";

/** The `kv` that a pattern takes out of its object. */
const inPattern = (pattern: AnyNode): number | undefined => {
  const target = pattern.type === "AssignmentPattern" ? pattern.left : pattern;
  if (target.type !== "ObjectPattern") return undefined;
  const found = target.properties.find(
    (property) => property.type === "Property" && staticName(property.key, property.computed) === "kv",
  );
  return found?.start;
};

/**
 * Uses of the key-value store, as `ctx.kv` and `secutils.kv`, by the text alone like those of secrets: of a handler's
 * second parameter whatever its name, and of patterns. None where the script asks whether there is one: `"kv" in ctx`.
 */
export const stateUsed = (root: AnyNode, handlers: readonly AnyNode[]): readonly Use[] => {
  const uses: Use[] = [];
  const owners = new Map([
    ["ctx", "ctx.kv"],
    ["secutils", "secutils.kv"],
  ]);
  const add = (name: string, at: number | undefined): void => {
    if (at !== undefined) uses.push({ name, at });
  };
  for (const handler of handlers) {
    const second = "params" in handler ? handler.params[1] : undefined;
    if (second?.type === "Identifier") owners.set(second.name, "ctx.kv");
    else if (second !== undefined) add("ctx.kv", inPattern(second));
  }
  const nameOf = (value: AnyNode): string | undefined =>
    value.type === "Identifier" ? owners.get(value.name) : undefined;
  let asked = false;
  walk(root, (node, parent) => {
    if (node.type === "MemberExpression" && staticName(node.property, node.computed) === "kv") {
      const name = nameOf(unwrap(node.object));
      // `ctx.kv?.get(…)` is ready for its absence.
      const ready = parent?.type === "MemberExpression" && parent.object === node && parent.optional;
      if (name !== undefined && !ready) add(name, node.start);
    }
    if (node.type === "BinaryExpression" && node.operator === "in") {
      asked ||= node.left.type === "Literal" && node.left.value === "kv";
    }
    if (node.type !== "VariableDeclarator" || !node.init) return;
    const name = nameOf(unwrap(node.init));
    if (name !== undefined) add(name, inPattern(node.id));
  });
  return asked ? [] : uses;
};
