import { parseAst } from "vitest/node";

/**
 * What a file of declarations declares, read from its syntax tree: as far as the house's own declarations go, which are
 * interfaces, `declare var` and `declare function`.
 */
export interface Declared {
  /** Global values. */
  readonly globals: readonly string[];
  /** Those that are classes: `declare var X` of a type with `prototype`. */
  readonly classes: readonly string[];
  /** Of an interface, `name`, `readonly name` or `name()`, with what it has of interfaces that are no global classes. */
  readonly membersOf: (name: string) => readonly string[];
  /** The same of a global value's type. */
  readonly membersOfGlobal: (name: string) => readonly string[];
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value;
const nodeAt = (node: Node, ...path: readonly string[]): Node => {
  const found = path.reduce<unknown>((at, field) => (isNode(at) ? at[field] : undefined), node);
  if (!isNode(found)) throw new Error(`${node.type} has no ${path.join(".")}.`);
  return found;
};
const nodesAt = (node: Node, field: string): readonly Node[] => {
  const found = node[field];
  return Array.isArray(found) ? found.filter(isNode) : [];
};

/** `name`, or `Symbol(Symbol.iterator)` as `String` shows it. */
const keyOf = (member: Node): string => {
  const key = nodeAt(member, "key");
  if (key.type === "MemberExpression") return `Symbol(Symbol.${String(nodeAt(key, "property")["name"])})`;
  return String(key["name"] ?? key["value"]);
};

const memberName = (member: Node): string | undefined => {
  if (member.type === "TSMethodSignature") return `${keyOf(member)}()`;
  if (member.type !== "TSPropertySignature") return undefined;
  return member["readonly"] === true ? `readonly ${keyOf(member)}` : keyOf(member);
};

const unique = (names: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(names)].filter((name) => name !== undefined).toSorted();

export const readDeclared = (text: string): Declared => {
  const body: readonly unknown[] = parseAst(text, { lang: "dts" }).body;
  const statements = body.filter(isNode);
  const interfaces = new Map<string, Node>();
  const variables = new Map<string, Node>();
  const functions: string[] = [];
  for (const statement of statements) {
    switch (statement.type) {
      case "TSInterfaceDeclaration":
        interfaces.set(String(nodeAt(statement, "id")["name"]), statement);
        break;
      case "VariableDeclaration":
        for (const { id } of nodesAt(statement, "declarations")) {
          if (!isNode(id)) continue;
          variables.set(String(id["name"]), nodeAt(id, "typeAnnotation", "typeAnnotation"));
        }
        break;
      case "TSDeclareFunction":
        functions.push(String(nodeAt(statement, "id")["name"]));
        break;
      case "TSTypeAliasDeclaration":
      case "TSModuleDeclaration":
        break;
      default:
        throw new Error(
          `A ${statement.type} among the declarations: test/support/declared.ts cannot read it.`,
        );
    }
  }

  const membersIn = (type: Node): readonly (string | undefined)[] => {
    switch (type.type) {
      case "TSTypeLiteral":
        return nodesAt(type, "members").map(memberName);
      case "TSIntersectionType":
        return nodesAt(type, "types").flatMap(membersIn);
      case "TSTypeReference":
        return membersOfInterface(String(nodeAt(type, "typeName")["name"]));
      default:
        return [];
    }
  };
  const membersOfInterface = (name: string): readonly (string | undefined)[] => {
    const found = interfaces.get(name);
    if (found === undefined) throw new Error(`There is no interface ${name} among the declarations.`);
    const inherited = nodesAt(found, "extends")
      .map((base) => String(nodeAt(base, "expression")["name"]))
      .filter((base) => interfaces.has(base) && !variables.has(base))
      .flatMap(membersOfInterface);
    return [...nodesAt(nodeAt(found, "body"), "body").map(memberName), ...inherited];
  };
  const membersOfGlobal = (name: string): readonly string[] => {
    const type = variables.get(name);
    if (type === undefined) throw new Error(`There is no variable ${name} among the declarations.`);
    return unique(membersIn(type));
  };

  return {
    globals: unique([...variables.keys(), ...functions]),
    classes: [...variables.keys()]
      .filter((name) => membersOfGlobal(name).includes("readonly prototype"))
      .toSorted(),
    membersOf: (name) => unique(membersOfInterface(name)),
    membersOfGlobal,
  };
};
