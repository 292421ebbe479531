import { type AnyNode, parse, type Program } from "acorn";

/**
 * Cuts a bundle into scripts that are evaluated one after another. The engine keeps its notes about every function of
 * a script until it has parsed all of it, and what remains comes to lie above and between them: in one piece, 40 % of
 * the heap that each run begins with would be the holes that they leave.
 */

/** The statements of one file, and what they have to do with other files'. */
interface Section {
  readonly path: string;
  readonly code: string;
  readonly declares: readonly string[];
  readonly uses: readonly string[];
  /** Assigned by functions, which may run after the section was evaluated. */
  readonly changes: readonly string[];
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Without names that are no variables: of properties, methods and fields. */
const childrenOf = (node: AnyNode): readonly AnyNode[] =>
  Object.entries(node)
    .filter(([key]) => !((key === "property" || key === "key") && "computed" in node && !node.computed))
    .flatMap(([, value]: [string, unknown]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);

const boundNames = (pattern: AnyNode): readonly string[] => {
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type !== "ObjectPattern") throw new Error(`The bundle declares by ${pattern.type}.`);
  return pattern.properties.flatMap((property) =>
    boundNames(property.type === "Property" ? property.value : property.argument),
  );
};

const declaredBy = (statement: AnyNode): readonly string[] => {
  if (statement.type === "VariableDeclaration")
    return statement.declarations.flatMap(({ id }) => boundNames(id));
  if (statement.type !== "FunctionDeclaration" && statement.type !== "ClassDeclaration") return [];
  return statement.id === null ? [] : [statement.id.name];
};

const isFunction = ({ type }: AnyNode): boolean =>
  type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";

const readSection = (path: string, statements: readonly AnyNode[], bundle: string): Section => {
  const uses = new Set<string>();
  const changes = new Set<string>();
  const walk = (node: AnyNode, later: boolean): void => {
    // A parameter of the same name counts as well: one too many does no harm.
    if (node.type === "Identifier") uses.add(node.name);
    if (later && node.type === "AssignmentExpression" && node.left.type === "Identifier")
      changes.add(node.left.name);
    for (const child of childrenOf(node)) walk(child, later || isFunction(node));
  };
  for (const statement of statements) walk(statement, false);
  return {
    path,
    code: statements.map(({ start, end }) => bundle.slice(start, end)).join("\n"),
    declares: statements.flatMap(declaredBy),
    uses: [...uses],
    changes: [...changes],
  };
};

/** esbuild puts each file's path above its statements, and helpers of its own above the first. */
const sectionsOf = (bundle: string, program: Program): readonly Section[] => {
  const marks = [...bundle.matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map(({ index, 1: path = "" }) => ({
    index,
    path,
  }));
  return [{ index: 0, path: "" }, ...marks].map(({ index, path }, place) => {
    const end = marks[place]?.index ?? bundle.length;
    const own = program.body.filter((node) => node.start >= index && node.start < end);
    return readSection(
      path,
      own.filter(({ type }) => type !== "ExportNamedDeclaration"),
      bundle,
    );
  });
};

const exportsOf = (program: Program): readonly (readonly [name: string, local: string])[] =>
  program.body
    .flatMap((node) => (node.type === "ExportNamedDeclaration" ? node.specifiers : []))
    .map(({ exported, local }) => {
      if (exported.type !== "Identifier" || local.type !== "Identifier")
        throw new Error("An export has no name.");
      return [exported.name, local.name];
    });

const group = (sections: readonly Section[], bytesPerPiece: number): readonly (readonly Section[])[] => {
  const pieces: Section[][] = [];
  let bytes = Infinity;
  for (const section of sections) {
    if (bytes > bytesPerPiece) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(section);
    bytes += section.code.length;
  }
  return pieces;
};

/** Where the scripts leave what later ones use; the last removes it. */
const SCOPE = "globalThis.__guest";

/**
 * `bundle` is esbuild's, of ES modules that import each other in no circle, not minified. The completion value of the
 * last script is an object of what the bundle exports. `bytesPerPiece` is of the source; no file is cut.
 */
export const cutBundle = (bundle: string, bytesPerPiece: number): readonly string[] => {
  const program = parse(bundle, { ecmaVersion: "latest", sourceType: "module" });
  const exported = exportsOf(program);
  const pieces = group(sectionsOf(bundle, program), bytesPerPiece);
  const known = new Set<string>();
  return pieces.map((piece, place) => {
    const rest = pieces.slice(place + 1).flat();
    const isLast = rest.length === 0;
    const locals = exported.map(([, local]) => local);
    const used = new Set(piece.flatMap(({ uses }) => uses).concat(isLast ? locals : []));
    const wanted = new Set(rest.flatMap(({ uses }) => uses).concat(locals));
    const taken = [...known].filter((name) => used.has(name));
    const given = piece.flatMap(({ declares }) => declares).filter((name) => wanted.has(name));
    for (const { changes, path } of piece) {
      const changed = given.find((name) => changes.includes(name));
      if (changed !== undefined)
        throw new Error(
          `${path}: ${changed} changes, and other files would see its first value: export a function.`,
        );
    }
    for (const name of given) known.add(name);
    const result = exported.map(([name, local]) => `${name}: ${local}`).join(", ");
    return [
      "(() => {",
      `const { ${taken.join(", ")} } = ${SCOPE} ?? {};`,
      ...piece.map(({ code }) => code),
      isLast ? `delete ${SCOPE}; return { ${result} };` : `${SCOPE} = { ...${SCOPE}, ${given.join(", ")} };`,
      "})()",
    ].join("\n");
  });
};

/** Throws when a file comes before one that it imports: it would be cut off from it. */
export const checkOrder = (
  bundle: string,
  imports: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>,
): void => {
  const order = [...bundle.matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map(({ 1: path = "" }) => path);
  for (const [path, file] of Object.entries(imports)) {
    for (const imported of file.imports) {
      if (order.includes(path) && order.indexOf(imported.path) > order.indexOf(path))
        throw new Error(`${path} and ${imported.path} import each other.`);
    }
  }
};
