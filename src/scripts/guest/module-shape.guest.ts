import type { AnyNode, ExportDefaultDeclaration, ExportNamedDeclaration, Literal, Program } from "acorn";
import type { Imported, ModuleBinding, ModuleExport, ModuleShape, Range } from "../compiled.ts";
import { engineLines } from "./engine-lines.guest.ts";
import type { Fault } from "./fault.guest.ts";
import { readScopes } from "./scopes.guest.ts";
import type { PlaceOf } from "./source-offsets.guest.ts";
import { boundNames, unwrap } from "./walk.guest.ts";

export interface ParsedModule {
  readonly program: Program;
  readonly code: string;
  /** Counts in the imports, by what the source says. */
  readonly imports: ReadonlyMap<unknown, number>;
  readonly placeOf: PlaceOf;
  /** From an offset in `code` to that in what the engine gets. */
  readonly moved: (offset: number) => number;
}

type Name = { readonly type: "Identifier"; readonly name: string } | Literal;
const textOf = (name: Name): string => (name.type === "Identifier" ? name.name : String(name.value));

const inSteps = (offsets: readonly number[]): readonly number[] =>
  offsets.map((offset, index) => offset - (offsets[index - 1] ?? 0));

/** Values that `export default` gives the name "default". */
const isNamedByExport = ({ declaration }: ExportDefaultDeclaration): boolean => {
  const value = "id" in declaration ? declaration : unwrap(declaration);
  return "id" in value ? !value.id : value.type === "ArrowFunctionExpression";
};

/** What import and export declarations say, and what stands in them. */
const readDeclarations = ({ program, imports, placeOf, moved }: ParsedModule) => {
  const cuts: Range[] = [];
  const exports: ModuleExport[] = [];
  const stars: Imported[] = [];
  const imported = new Map<string, Imported>();
  const classes = new Map<string, Range>();
  const inside: AnyNode[] = [];
  let defaultExport: ModuleShape["defaultExport"] = null;

  /** What is added in front of the next statement does not belong to this one. */
  const range = (from: number, to: number): Range => ({ from: moved(from), to: moved(to - 1) + 1 });
  const importedFrom = (source: Literal, name: string, at: number): Imported => {
    const { line, column } = placeOf(at);
    return { source: imports.get(source.value) ?? 0, name, line, column };
  };
  const addExport = (name: string, at: number, of: ModuleExport["of"]): void => {
    const { line, column } = placeOf(at);
    exports.push({ name, of, line, column });
  };
  const addInside = (node: AnyNode): void => {
    inside.push(node);
    if (node.type === "ClassDeclaration" && node.id) classes.set(node.id.name, range(node.start, node.end));
  };
  const readNamed = (statement: ExportNamedDeclaration): void => {
    const { declaration, source, specifiers, start, end } = statement;
    if (declaration) {
      cuts.push(range(start, declaration.start));
      addInside(declaration);
      const patterns =
        declaration.type === "VariableDeclaration"
          ? declaration.declarations.map(({ id }) => id)
          : [declaration.id];
      for (const pattern of patterns)
        for (const name of boundNames(pattern)) addExport(name, pattern.start, { kind: "local", name });
      return;
    }
    cuts.push(range(start, end));
    for (const { exported, local, start: at } of specifiers) {
      const name = textOf(local);
      const of: ModuleExport["of"] = source
        ? { kind: "imported", imported: importedFrom(source, name, at) }
        : { kind: "local", name };
      addExport(textOf(exported), at, of);
    }
  };
  const readDefault = (statement: ExportDefaultDeclaration): void => {
    const { declaration, start } = statement;
    const before = range(start, declaration.start);
    if ("id" in declaration && declaration.id && declaration.type.endsWith("Declaration")) {
      cuts.push(before);
      addInside(declaration);
      addExport("default", start, { kind: "local", name: declaration.id.name });
      return;
    }
    inside.push(declaration);
    const { to } = range(start, declaration.end);
    defaultExport = { ...before, namedUntil: isNamedByExport(statement) ? to : null };
    addExport("default", start, { kind: "default" });
  };

  for (const statement of program.body) {
    const { start, end } = statement;
    if (statement.type === "ImportDeclaration") {
      cuts.push(range(start, end));
      for (const specifier of statement.specifiers) {
        const name =
          specifier.type === "ImportSpecifier"
            ? textOf(specifier.imported)
            : specifier.type === "ImportDefaultSpecifier"
              ? "default"
              : "*";
        imported.set(specifier.local.name, importedFrom(statement.source, name, specifier.start));
      }
    } else if (statement.type === "ExportAllDeclaration") {
      cuts.push(range(start, end));
      const all = importedFrom(statement.source, "*", start);
      if (statement.exported)
        addExport(textOf(statement.exported), start, { kind: "imported", imported: all });
      else stars.push(all);
    } else if (statement.type === "ExportNamedDeclaration") readNamed(statement);
    else if (statement.type === "ExportDefaultDeclaration") readDefault(statement);
    else addInside(statement);
  }
  return { cuts, exports, stars, imported, classes, inside, defaultExport };
};

export interface ShapeRead {
  readonly shape: ModuleShape;
  readonly faults: readonly Fault[];
}

/** How a module can be joined with others: its own names and where they stand, what it gives and what it takes. */
export const readShape = (parsed: ParsedModule): ShapeRead => {
  const { moved, code, program } = parsed;
  const { imported, classes, inside, ...declared } = readDeclarations(parsed);
  const { uses, globals, inner } = readScopes(inside, [...imported.keys()]);
  const bindings = [...uses].map(([name, { plain, shorthands, assigned }]): ModuleBinding => ({
    name,
    uses: inSteps(plain.map(moved)),
    shorthands: inSteps(shorthands.map(moved)),
    changes: assigned !== undefined,
    imported: imported.get(name) ?? null,
    declaredClass: classes.get(name) ?? null,
  }));
  const faults = [...imported.keys()].flatMap((name) => {
    const at = uses.get(name)?.assigned;
    return at === undefined
      ? []
      : [{ message: `\`${name}\` is imported: only its own script can assign to it`, at }];
  });
  return {
    shape: {
      ...declared,
      bindings,
      globals: [...globals],
      inner: [...inner],
      lines: engineLines(code, program),
    },
    faults,
  };
};
