import type { AnyNode } from "acorn";
import type { Use } from "./secrets-used.guest.ts";
import { boundNames, staticName, walk } from "./walk.guest.ts";

/** `fetch`, its counterpart in the expression form, and what scripts of other platforms expect to find. */
const WATCHED: ReadonlySet<string> = new Set([
  "fetch",
  "op_proxy_request",
  "eval",
  "Function",
  "require",
  "process",
  "Buffer",
  "XMLHttpRequest",
  "WebSocket",
  "WebAssembly",
  "setImmediate",
  "importScripts",
]);

/** An identifier that only names a property, a method or a label. */
const isKey = (node: AnyNode, parent: AnyNode | undefined): boolean => {
  if (parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent.property === node && !parent.computed;
  if (parent.type === "Property") return parent.key === node && !parent.computed && !parent.shorthand;
  if (parent.type === "MethodDefinition" || parent.type === "PropertyDefinition") {
    return parent.key === node && !parent.computed;
  }
  return "label" in parent && parent.label === node;
};

const isCalled = (node: AnyNode, parent: AnyNode | undefined): boolean =>
  (parent?.type === "CallExpression" || parent?.type === "NewExpression") && parent.callee === node;

const declaredNames = (node: AnyNode): readonly string[] => {
  if (node.type === "VariableDeclarator") return boundNames(node.id);
  if (node.type === "CatchClause") return node.param ? boundNames(node.param) : [];
  const own = "id" in node && node.id ? boundNames(node.id) : [];
  return "params" in node ? [...own, ...node.params.flatMap(boundNames)] : own;
};

/** Uses of watched globals that the script neither declares nor asks for by `typeof`. */
export const globalsUsed = (root: AnyNode): readonly Use[] => {
  const uses: Use[] = [];
  const known = new Set<string>();
  walk(root, (node, parent) => {
    if (node.type === "MemberExpression") {
      const name = staticName(node.property, node.computed);
      const whole = node.object.type === "Identifier" && node.object.name === "globalThis";
      if (name !== undefined && (name === "op_proxy_request" || (whole && WATCHED.has(name)))) {
        uses.push({ name, at: node.start });
      }
    }
    if (node.type !== "Identifier" || !WATCHED.has(node.name) || isKey(node, parent)) return;
    if (parent?.type === "UnaryExpression" && parent.operator === "typeof") known.add(node.name);
    else if (node.name !== "Function" || isCalled(node, parent))
      uses.push({ name: node.name, at: node.start });
  });
  if (uses.length === 0) return [];
  walk(root, (node) => {
    for (const name of declaredNames(node)) known.add(name);
  });
  return uses.filter(({ name }) => !known.has(name));
};

/** Whether a text names any of them at all: most scripts do not, and need no second look. */
export const mayUseGlobals = (code: string): boolean => [...WATCHED].some((name) => code.includes(name));
