import type { AnyNode, Class, VariableDeclaration } from "acorn";
import {
  createNamesFound,
  type How,
  type ModuleScope,
  READ,
  type Scope,
  SHORTHAND,
  SHORTHAND_TARGET,
  TARGET,
} from "./names-found.guest.ts";
import { boundNames, eachChild } from "./walk.guest.ts";

interface Step {
  readonly node: AnyNode;
  readonly scope: Scope;
  readonly how: How;
}

const PATTERNS: ReadonlySet<AnyNode["type"]> = new Set<AnyNode["type"]>([
  "ObjectPattern",
  "ArrayPattern",
  "RestElement",
]);
const NAMELESS: ReadonlySet<AnyNode["type"]> = new Set<AnyNode["type"]>([
  "BreakStatement",
  "ContinueStatement",
  "MetaProperty",
]);

type FunctionNode = Extract<
  AnyNode,
  { readonly type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
>;
const isFunction = (node: AnyNode): node is FunctionNode =>
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression" ||
  node.type === "ArrowFunctionExpression";

/**
 * Tells which identifiers stand for names of the module's own scope. A module is strict, without `with` and `eval`,
 * so its text alone decides. With a stack of its own, as depth is the script's to choose.
 */
export const readScopes = (statements: readonly AnyNode[], imported: readonly string[]): ModuleScope => {
  const module: Scope = { parent: undefined, variables: undefined, names: new Set(imported) };
  const inner = new Set<string>();
  const found = createNamesFound();
  const steps: Step[] = [];

  const go = (node: AnyNode | null | undefined, scope: Scope, how = READ): void => {
    if (node?.type === "Identifier") found.add(node, scope, how);
    else if (node && node.type !== "Literal") steps.push({ node, scope, how });
  };
  const goInside = (node: AnyNode, scope: Scope, how = READ): void =>
    eachChild(node, (child) => go(child, scope, how));
  const open = (parent: Scope, ofFunction = false): Scope => ({
    parent,
    variables: ofFunction ? undefined : (parent.variables ?? parent),
    names: new Set(),
  });
  const declare = (scope: Scope, names: readonly string[]): void => {
    for (const name of names) {
      scope.names.add(name);
      if (scope !== module) inner.add(name);
    }
  };

  const enterFunction = (node: FunctionNode, outer: Scope): void => {
    const declaration = node.type === "FunctionDeclaration";
    if (declaration && node.id) {
      declare(outer, [node.id.name]);
      go(node.id, outer);
    }
    const named = open(outer, true);
    if (!declaration && node.id) declare(named, [node.id.name]);
    const head = open(named, true);
    if (node.type !== "ArrowFunctionExpression") declare(head, ["arguments"]);
    for (const parameter of node.params) {
      declare(head, boundNames(parameter));
      go(parameter, head);
    }
    // Default values do not see what the body declares.
    if (node.body.type === "BlockStatement") goInside(node.body, open(head, true));
    else go(node.body, head);
  };
  const enterClass = (node: Class, outer: Scope): void => {
    // The name of a declaration stands outside and, once more, inside.
    if (node.type === "ClassDeclaration" && node.id) declare(outer, [node.id.name]);
    const own = open(outer);
    if (node.id) declare(own, [node.id.name]);
    go(node.superClass, own);
    go(node.body, own);
  };

  const enterVariables = (node: VariableDeclaration, scope: Scope): void => {
    const owner = node.kind === "var" ? (scope.variables ?? scope) : scope;
    for (const { id, init } of node.declarations) {
      declare(owner, boundNames(id));
      go(id, scope);
      go(init, scope);
    }
  };
  /** Nodes that declare something, or hold what is declared in them. */
  const enterScope = (node: AnyNode, scope: Scope): boolean => {
    if (isFunction(node)) enterFunction(node, scope);
    else if (node.type === "ClassDeclaration" || node.type === "ClassExpression") enterClass(node, scope);
    else if (node.type === "VariableDeclaration") enterVariables(node, scope);
    else if (node.type === "BlockStatement" || node.type === "ForStatement") goInside(node, open(scope));
    else if (node.type === "StaticBlock") goInside(node, open(scope, true));
    else if (node.type === "ForInStatement" || node.type === "ForOfStatement") {
      const own = open(scope);
      go(node.left, own, TARGET);
      go(node.right, own);
      go(node.body, own);
    } else if (node.type === "SwitchStatement") {
      const own = open(scope);
      go(node.discriminant, scope);
      for (const one of node.cases) go(one, own);
    } else if (node.type === "CatchClause") {
      const own = open(scope);
      if (node.param) declare(own, boundNames(node.param));
      goInside(node, own);
    } else return false;
    return true;
  };
  /** Identifiers that are keys and labels stand for no name; what is assigned to is told apart. */
  const enter = ({ node, scope, how }: Step): void => {
    if (enterScope(node, scope)) return;
    if (node.type === "MemberExpression") {
      go(node.object, scope);
      if (node.computed) go(node.property, scope);
    } else if (node.type === "MethodDefinition" || node.type === "PropertyDefinition") {
      if (node.computed) go(node.key, scope);
      go(node.value, scope);
    } else if (node.type === "Property") {
      if (node.computed) go(node.key, scope);
      if (node.shorthand) go(node.value, scope, how.target ? SHORTHAND_TARGET : SHORTHAND);
      else go(node.value, scope, how);
    } else if (node.type === "AssignmentPattern") {
      go(node.left, scope, how.shorthand ? SHORTHAND_TARGET : TARGET);
      go(node.right, scope);
    } else if (node.type === "AssignmentExpression") {
      go(node.left, scope, TARGET);
      go(node.right, scope);
    } else if (node.type === "UpdateExpression") go(node.argument, scope, TARGET);
    else if (PATTERNS.has(node.type)) goInside(node, scope, TARGET);
    else if (node.type === "ParenthesizedExpression") go(node.expression, scope, how);
    else if (node.type === "LabeledStatement") go(node.body, scope);
    else if (!NAMELESS.has(node.type)) goInside(node, scope);
  };

  for (const statement of statements) go(statement, module);
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) enter(step);
  return { ...found.resolve(module), inner };
};
