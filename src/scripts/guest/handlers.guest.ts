import type { AnyNode, ExportNamedDeclaration, Program } from "acorn";
import { type Handler, HANDLERS } from "../compiled.ts";
import type { Fault } from "./fault.guest.ts";
import { boundNames, unwrap } from "./walk.guest.ts";

const isHandler = (name: string): name is Handler => HANDLERS.some((handler) => handler === name);

/** What is exported under a handler's name: `value` when it can be seen from here. */
interface Export {
  readonly handler: Handler;
  readonly at: number;
  readonly value: AnyNode | undefined;
}

/** Top-level functions, classes and constants by name: what an export of a name stands for. */
const declarations = (program: Program): ReadonlyMap<string, AnyNode> => {
  const found = new Map<string, AnyNode>();
  for (const statement of program.body) {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type === "FunctionDeclaration" || declared?.type === "ClassDeclaration") {
      found.set(declared.id.name, declared);
    }
    if (declared?.type !== "VariableDeclaration" || declared.kind !== "const") continue;
    for (const { id, init } of declared.declarations) {
      if (id.type === "Identifier" && init) found.set(id.name, unwrap(init));
    }
  }
  return found;
};

const namedExports = (
  node: ExportNamedDeclaration,
  known: ReadonlyMap<string, AnyNode>,
): readonly Export[] => {
  const found: Export[] = [];
  const add = (name: string, at: number, local: string) => {
    if (isHandler(name)) found.push({ handler: name, at, value: known.get(local) });
  };
  const { declaration } = node;
  if (declaration?.type === "VariableDeclaration") {
    for (const { id } of declaration.declarations)
      for (const name of boundNames(id)) add(name, id.start, name);
  } else if (declaration) {
    add(declaration.id.name, declaration.id.start, declaration.id.name);
  }
  for (const { exported, local, start } of node.specifiers) {
    const name = exported.type === "Identifier" ? exported.name : exported.value;
    if (typeof name === "string" && local.type === "Identifier") add(name, start, local.name);
  }
  return found;
};

const findExports = (program: Program): readonly Export[] => {
  const known = declarations(program);
  return program.body.flatMap((statement): readonly Export[] => {
    if (statement.type === "ExportNamedDeclaration")
      return statement.source ? [] : namedExports(statement, known);
    if (statement.type !== "ExportDefaultDeclaration") return [];
    const { declaration, start } = statement;
    const expression = declaration.type !== "FunctionDeclaration" && declaration.type !== "ClassDeclaration";
    const value = expression ? unwrap(declaration) : declaration;
    const named = value.type === "Identifier" ? known.get(value.name) : value;
    return [{ handler: "default", at: start, value: named }];
  });
};

/** Kinds of values that can be no handler, told by their syntax. */
const NEVER: ReadonlyMap<AnyNode["type"], string> = new Map<AnyNode["type"], string>([
  ["ObjectExpression", "an object"],
  ["ArrayExpression", "an array"],
  ["ClassDeclaration", "a class"],
  ["ClassExpression", "a class"],
  ["Literal", "a value"],
  ["TemplateLiteral", "a value"],
  ["UnaryExpression", "a value"],
  ["BinaryExpression", "a value"],
  ["UpdateExpression", "a value"],
]);

/** Why a value can never be a handler; `undefined` when it may be one. */
const whyNoHandler = ({ handler, value }: Export): string | undefined => {
  if (value === undefined) return undefined;
  const generator = "generator" in value && value.generator;
  const what = generator ? "a generator" : NEVER.get(value.type);
  const wanted = handler === "onResponse" ? "(response, ctx)" : "(request, ctx)";
  return what && `\`${handler}\` is ${what}: export the function itself, \`async ${wanted} => { … }\``;
};

export interface HandlersRead {
  /** The functions of the handlers, where they can be seen. */
  readonly values: readonly AnyNode[];
  /** Why they cannot be called; no fault of a script that only others import. */
  readonly faults: readonly Fault[];
}

/** What a module exports under the names of the handlers. */
export const readHandlers = (program: Program): HandlersRead => {
  const found = findExports(program);
  return {
    values: found.flatMap(({ value }) => (value === undefined ? [] : [value])),
    faults: found.flatMap((one) => {
      const message = whyNoHandler(one);
      return message === undefined ? [] : [{ message, at: one.at }];
    }),
  };
};
