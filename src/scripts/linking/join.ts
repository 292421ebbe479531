import type { Handler, ModuleBinding, ModuleShape, ProgramPart } from "../compiled.ts";
import type { Binding, Exports } from "./exports.ts";
import { type Graph, type GraphModule, MOST_CODE } from "./graph.ts";
import type { Names } from "./names.ts";
import { type Edit, rewrite } from "./rewrite.ts";

export interface Joined {
  readonly code: string;
  readonly parts: readonly ProgramPart[];
}

const IDENTIFIER = /(?:[\p{ID_Continue}$\u200c\u200d]|\\u\{[0-9a-f]+\}|\\u[0-9a-f]{4})+/iuy;

/** Where the name ends that stands there, escapes and all. */
const endOfName = (code: string, at: number): number => {
  IDENTIFIER.lastIndex = at;
  return at + (IDENTIFIER.exec(code)?.[0].length ?? 0);
};

const offsetsOf = (steps: readonly number[]): readonly number[] => {
  let offset = 0;
  return steps.map((step) => (offset += step));
};

const quoted = (name: string): string =>
  JSON.stringify(name).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

/**
 * Joins the modules of a graph into one that exports these handlers, in the order in which they would be evaluated
 * (docs/adr/0050-modules-are-joined-at-link-time.md).
 */
export const createJoin = (graph: Graph, exports: Exports, names: Names) => {
  /** What stands in the joined module for a name of a module's own scope. */
  const finalName = (module: GraphModule, { name, imported }: ModuleBinding): string => {
    if (imported === null) return names.of(exports.bindingOf(module, "own", name));
    const binding = exports.resolveImport(module, imported);
    return typeof binding === "object" ? names.of(binding) : name;
  };
  const renames = (code: string, binding: ModuleBinding, final: string): readonly Edit[] => {
    if (binding.name === final) return [];
    const { declaredClass: declared } = binding;
    return [
      ...offsetsOf(binding.uses).map((from) => ({ from, to: endOfName(code, from), text: final })),
      ...offsetsOf(binding.shorthands).map((at) => {
        const from = endOfName(code, at);
        return { from, to: from, text: `: ${final}` };
      }),
      // Inside of it the class keeps its own name, and so do its objects.
      ...(declared === null
        ? []
        : [
            { from: declared.from, to: declared.from, text: `let ${final} = ` },
            { from: declared.to, to: declared.to, text: ";" },
          ]),
    ];
  };
  const exportEdits = (module: GraphModule, { cuts, defaultExport }: ModuleShape): readonly Edit[] => {
    const gone = cuts.map((cut) => ({ ...cut, text: ";" }));
    if (defaultExport === null) return gone;
    const { from, to, namedUntil } = defaultExport;
    const name = names.of(exports.bindingOf(module, "default"));
    if (namedUntil === null) return [...gone, { from, to, text: `const ${name} = ` }];
    return [
      ...gone,
      { from, to, text: `const ${name} = { default: ` },
      { from: namedUntil, to: namedUntil, text: " }.default;" },
    ];
  };
  const editsOf = (module: GraphModule, shape: ModuleShape): readonly Edit[] => {
    const { code } = module.unit;
    return [
      // The line of an interpreter's path is a comment only at the beginning of a text.
      ...(code.startsWith("#!") ? [{ from: 0, to: 2, text: "//" }] : []),
      ...shape.bindings.flatMap((binding) => renames(code, binding, finalName(module, binding))),
      ...exportEdits(module, shape),
    ].toSorted((a, b) => a.from - b.from || a.to - b.to);
  };
  const namespaceOf = (binding: Binding): string => {
    const fields = exports.namesOf(binding.module).flatMap((name) => {
      const found = exports.resolve(binding.module, name);
      if (typeof found !== "object") return [];
      const [key, value] = [`[${quoted(name)}]`, names.of(found)];
      return [found.changes ? `get ${key}() { return ${value}; }` : `${key}: ${value}`];
    });
    return `const ${names.of(binding)} = Object.freeze({ ${["__proto__: null", ...fields].join(", ")} });`;
  };
  const renamedIn = (module: GraphModule, shape: ModuleShape): Readonly<Record<string, string>> =>
    Object.fromEntries(
      shape.bindings.flatMap((binding) => {
        const final = finalName(module, binding);
        const own = binding.imported === null && binding.declaredClass === null;
        return own && final !== binding.name ? [[final, binding.name]] : [];
      }),
    );

  return (handlers: readonly Handler[]): Joined | "too-large" => {
    const texts: string[] = [];
    const parts: ProgramPart[] = [];
    let line = 1;
    let size = 0;
    const addLine = (text: string): void => {
      texts.push(text);
      line += 1;
      size += text.length;
    };
    for (const module of graph.modules) {
      const { code, map, module: shape } = module.unit;
      if (shape === null) continue;
      const edits = editsOf(module, shape);
      // Before any of it is written: a long name may take the place of many short ones.
      size += edits.reduce((sum, edit) => sum + edit.text.length, code.length);
      if (size > MOST_CODE) return "too-large";
      const { text, moves } = rewrite(code, edits);
      parts.push({ file: module.file, line, moves, map, renamed: renamedIn(module, shape) });
      texts.push(text);
      line += shape.lines;
      // What follows must not go on with its last statement.
      addLine(";");
      for (const binding of names.namespaces) if (binding.module === module) addLine(namespaceOf(binding));
    }
    const given = handlers.flatMap((handler) => {
      const binding = exports.resolve(graph.main, handler);
      return typeof binding === "object" ? [`${names.of(binding)} as ${handler}`] : [];
    });
    texts.push(`export { ${given.join(", ")} };`);
    return { code: texts.join("\n"), parts };
  };
};
