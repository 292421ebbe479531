import type { AnyNode, Class, Function as FunctionNode } from "acorn";
import { boundNames, childrenOf } from "./walk.guest.ts";

/** Where a name of the module's own scope stands. */
export interface NameUse {
  readonly at: number;
  /** `{ name }`, which another name makes `{ name: other }`. */
  readonly shorthand: boolean;
  /** Something is assigned to it. */
  readonly target: boolean;
}

export interface ModuleScope {
  /** The uses of each name that the module declares or imports, declarations included, in the order of the text. */
  readonly uses: ReadonlyMap<string, readonly NameUse[]>;
  /** Names that are declared nowhere in it. */
  readonly globals: ReadonlySet<string>;
  /** Names that something inside of it declares. */
  readonly inner: ReadonlySet<string>;
}

/** What one function, block or class declares. */
interface Scope {
  readonly parent: Scope | undefined;
  /** Where a `var` in it belongs. */
  readonly variables: Scope | undefined;
  readonly names: Set<string>;
}

interface Step {
  readonly node: AnyNode;
  readonly scope: Scope;
  readonly shorthand: boolean;
  readonly target: boolean;
}

const ownerOf = (name: string, from: Scope): Scope | undefined => {
  let scope: Scope | undefined = from;
  while (scope !== undefined && !scope.names.has(name)) scope = scope.parent;
  return scope;
};

/**
 * Tells which identifiers stand for names of the module's own scope. A module is strict, without `with` and `eval`,
 * so its text alone decides. With a stack of its own, as depth is the script's to choose.
 */
export const readScopes = (statements: readonly AnyNode[], imported: readonly string[]): ModuleScope => {
  const module: Scope = { parent: undefined, variables: undefined, names: new Set(imported) };
  const inner = new Set<string>();
  const found: (Step & { readonly name: string })[] = [];
  const steps: Step[] = [];

  const go = (node: AnyNode | null | undefined, scope: Scope, target = false, shorthand = false): void => {
    if (node) steps.push({ node, scope, target, shorthand });
  };
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
    declare(head, node.params.flatMap(boundNames));
    for (const parameter of node.params) go(parameter, head);
    // Default values do not see what the body declares.
    const body = open(head, true);
    if (node.body.type === "BlockStatement") for (const statement of node.body.body) go(statement, body);
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

  const enter = ({ node, scope, target, shorthand }: Step): void => {
    switch (node.type) {
      case "Identifier":
        found.push({ node, scope, target, shorthand, name: node.name });
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        enterFunction(node, scope);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        enterClass(node, scope);
        return;
      case "VariableDeclaration": {
        const owner = node.kind === "var" ? (scope.variables ?? scope) : scope;
        for (const { id, init } of node.declarations) {
          declare(owner, boundNames(id));
          go(id, scope);
          go(init, scope);
        }
        return;
      }
      case "BlockStatement":
      case "ForStatement":
      case "CatchClause":
      case "StaticBlock": {
        const own = open(scope, node.type === "StaticBlock");
        if (node.type === "CatchClause" && node.param) declare(own, boundNames(node.param));
        for (const child of childrenOf(node)) go(child, own);
        return;
      }
      case "ForInStatement":
      case "ForOfStatement": {
        const own = open(scope);
        go(node.left, own, true);
        go(node.right, own);
        go(node.body, own);
        return;
      }
      case "SwitchStatement": {
        const own = open(scope);
        go(node.discriminant, scope);
        for (const one of node.cases) go(one, own);
        return;
      }
      case "MemberExpression":
        go(node.object, scope);
        if (node.computed) go(node.property, scope);
        return;
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) go(node.key, scope);
        go(node.value, scope);
        return;
      case "Property":
        if (node.computed) go(node.key, scope);
        go(node.value, scope, target, node.shorthand);
        return;
      case "AssignmentExpression":
        go(node.left, scope, true);
        go(node.right, scope);
        return;
      case "AssignmentPattern":
        go(node.left, scope, true, shorthand);
        go(node.right, scope);
        return;
      case "UpdateExpression":
        go(node.argument, scope, true);
        return;
      case "ObjectPattern":
      case "ArrayPattern":
      case "RestElement":
        for (const child of childrenOf(node)) go(child, scope, true);
        return;
      case "ParenthesizedExpression":
        go(node.expression, scope, target);
        return;
      case "LabeledStatement":
        go(node.body, scope);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return;
      default:
        for (const child of childrenOf(node)) go(child, scope);
    }
  };

  for (const statement of statements) go(statement, module);
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) enter(step);

  const uses = new Map<string, NameUse[]>([...module.names].map((name) => [name, []]));
  const globals = new Set<string>();
  for (const { name, scope, node, shorthand, target } of found) {
    const owner = ownerOf(name, scope);
    if (owner === undefined) globals.add(name);
    else if (owner === module) uses.get(name)?.push({ at: node.start, shorthand, target });
  }
  for (const list of uses.values()) list.sort((a, b) => a.at - b.at);
  return { uses, globals, inner };
};
