import type { AnyNode, Expression, Pattern, Super, VariableDeclarator } from "acorn";
import { staticName, unwrap, walk } from "./walk.guest.ts";

/** A name and the offset where it is used. */
export interface Use {
  readonly name: string;
  readonly at: number;
}

export interface SecretsUsed {
  readonly names: readonly Use[];
  readonly compared: readonly Use[];
  readonly open: boolean;
}

export const NO_SECRETS: SecretsUsed = { names: [], compared: [], open: false };

const COMPARISONS: ReadonlySet<string> = new Set(["===", "!==", "==", "!="]);

/**
 * The secrets that a script names, by its text alone: `ctx.secrets.NAME`, `context.secrets["NAME"]`, patterns, and
 * variables that hold one of these. Scopes are not told apart: this makes warnings, it guards nothing.
 */
export const secretsUsed = (root: AnyNode, handlers: readonly AnyNode[]): SecretsUsed => {
  const contexts = new Set(["ctx", "context"]);
  const holders = new Set<string>();
  const handles = new Map<string, string>();
  const names: Use[] = [];
  const compared: Use[] = [];
  let open = false;

  const isContext = (node: Expression | Super): boolean =>
    node.type === "Identifier" && contexts.has(node.name);
  const isSecrets = (node: Expression | Super): boolean => {
    const inner = unwrap(node);
    if (inner.type === "Identifier") return holders.has(inner.name);
    if (inner.type !== "MemberExpression" || !isContext(unwrap(inner.object))) return false;
    return staticName(inner.property, inner.computed) === "secrets";
  };
  const secretOf = (node: AnyNode): string | undefined => {
    if (node.type === "ParenthesizedExpression" || node.type === "ChainExpression")
      return secretOf(node.expression);
    if (node.type === "Identifier") return handles.get(node.name);
    if (node.type !== "MemberExpression" || !isSecrets(node.object)) return undefined;
    return staticName(node.property, node.computed);
  };

  const bindSecrets = (pattern: Pattern): void => {
    const target = pattern.type === "AssignmentPattern" ? pattern.left : pattern;
    if (target.type === "Identifier") holders.add(target.name);
    if (target.type !== "ObjectPattern") return;
    for (const property of target.properties) {
      const name = property.type === "Property" ? staticName(property.key, property.computed) : undefined;
      if (property.type !== "Property" || name === undefined) open = true;
      else {
        names.push({ name, at: property.start });
        const value = property.value.type === "AssignmentPattern" ? property.value.left : property.value;
        if (value.type === "Identifier") handles.set(value.name, name);
      }
    }
  };
  const bindContext = (pattern: Pattern): void => {
    const target = pattern.type === "AssignmentPattern" ? pattern.left : pattern;
    if (target.type === "Identifier") contexts.add(target.name);
    if (target.type !== "ObjectPattern") return;
    for (const property of target.properties) {
      if (property.type !== "Property") open = true;
      else if (staticName(property.key, property.computed) === "secrets") bindSecrets(property.value);
    }
  };

  for (const handler of handlers) {
    const second = "params" in handler ? handler.params[1] : undefined;
    if (second !== undefined) bindContext(second);
  }
  const declarators: VariableDeclarator[] = [];
  walk(root, (node) => {
    if (node.type === "VariableDeclarator") declarators.push(node);
  });
  // In the order of the text, so that a variable is known before one that is made of it.
  for (const node of declarators.toSorted((a, b) => a.start - b.start)) {
    if (!node.init) continue;
    const init = unwrap(node.init);
    const secret = secretOf(init);
    if (isContext(init)) bindContext(node.id);
    else if (isSecrets(init)) bindSecrets(node.id);
    else if (secret !== undefined && node.id.type === "Identifier") handles.set(node.id.name, secret);
  }
  walk(root, (node, parent) => {
    if (node.type === "BinaryExpression" && COMPARISONS.has(node.operator)) {
      for (const side of [node.left, node.right]) {
        const name = secretOf(side);
        if (name !== undefined) compared.push({ name, at: node.start });
      }
    }
    if (node.type !== "MemberExpression") return;
    const name = staticName(node.property, node.computed);
    if (isSecrets(node.object)) {
      if (name === undefined) open = true;
      else names.push({ name, at: node.start });
    } else if (name === "secrets") {
      const asked = parent?.type === "BinaryExpression" && parent.operator === "in";
      const known = parent?.type === "MemberExpression" || parent?.type === "VariableDeclarator" || asked;
      if (!isSecrets(node) || !known) open = true;
    } else if (name === undefined && isContext(unwrap(node.object))) open = true;
  });
  return { names, compared, open };
};
