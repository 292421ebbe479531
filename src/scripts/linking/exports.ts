import type { Imported, ModuleBinding, ModuleExport, ModuleShape } from "../compiled.ts";
import type { GraphModule } from "./graph.ts";

/** What a name stands for in the end: a module's own, the value of its `export default`, or all that it exports. */
export interface Binding {
  readonly module: GraphModule;
  readonly kind: "own" | "default" | "all";
  /** Of an own one, as its source has it. */
  readonly name: string;
  /** What it stands for may change. */
  readonly changes: boolean;
}

export type Resolved = Binding | "missing" | "ambiguous";

/** Answers what exported and imported names stand for. The same binding is the same object. */
export interface Exports {
  readonly bindingOf: (module: GraphModule, kind: Binding["kind"], name?: string) => Binding;
  readonly resolve: (module: GraphModule, name: string) => Resolved;
  readonly resolveImport: (module: GraphModule, imported: Imported) => Resolved;
  /** All that a module exports without ambiguity, in the order of the names. */
  readonly namesOf: (module: GraphModule) => readonly string[];
}

/** `origin` is what two paths by `export *` may agree in: with `export { all }` of an import of all it is that export. */
interface Found {
  readonly binding: Binding;
  readonly origin: Binding | ModuleBinding;
}

type Answer = Found | "missing" | "ambiguous";

interface Table {
  readonly shape: ModuleShape | null;
  readonly own: ReadonlyMap<string, ModuleExport>;
  readonly declared: ReadonlyMap<string, ModuleBinding>;
  readonly bindings: Map<string, Binding>;
  readonly answers: Map<string, Answer>;
}

const tableOf = ({ unit }: GraphModule): Table => ({
  shape: unit.module,
  own: new Map(unit.module?.exports.map((one) => [one.name, one])),
  declared: new Map(unit.module?.bindings.map((one) => [one.name, one])),
  bindings: new Map(),
  answers: new Map(),
});

/** The modules are without circles, so every question ends; each is answered once. */
export const createExports = (): Exports => {
  const tables = new Map<GraphModule, Table>();
  const tableFor = (module: GraphModule): Table => {
    const table = tables.get(module) ?? tableOf(module);
    tables.set(module, table);
    return table;
  };
  const bindingOf: Exports["bindingOf"] = (module, kind, name = "") => {
    const { bindings, declared } = tableFor(module);
    const key = `${kind} ${name}`;
    const changes = kind === "own" && declared.get(name)?.changes === true;
    const binding = bindings.get(key) ?? { module, kind, name, changes };
    bindings.set(key, binding);
    return binding;
  };

  const found = (binding: Binding, origin: Found["origin"] = binding): Found => ({ binding, origin });
  const answerImport = (module: GraphModule, { source, name }: Imported): Answer => {
    const from = module.imports[source];
    if (from === undefined) return "missing";
    return name === "*" ? found(bindingOf(from, "all")) : answer(from, name);
  };
  const answerStars = (module: GraphModule, { shape }: Table, name: string): Answer => {
    let only: Answer = "missing";
    for (const { source } of name === "default" ? [] : (shape?.stars ?? [])) {
      const from = module.imports[source];
      const other = from === undefined ? "missing" : answer(from, name);
      if (other === "missing") continue;
      if (other === "ambiguous" || (only !== "missing" && only.origin !== other.origin)) return "ambiguous";
      only = other;
    }
    return only;
  };
  const find = (module: GraphModule, name: string): Answer => {
    const table = tableFor(module);
    const own = table.own.get(name);
    if (own === undefined) return answerStars(module, table, name);
    const { of } = own;
    if (of.kind === "default") return found(bindingOf(module, "default"));
    if (of.kind === "imported") return answerImport(module, of.imported);
    const local = table.declared.get(of.name);
    if (local === undefined || local.imported === null) return found(bindingOf(module, "own", of.name));
    const other = answerImport(module, local.imported);
    return typeof other === "object" && local.imported.name === "*" ? found(other.binding, local) : other;
  };
  const answer = (module: GraphModule, name: string): Answer => {
    const { answers } = tableFor(module);
    const known = answers.get(name) ?? find(module, name);
    answers.set(name, known);
    return known;
  };
  const resolved = (to: Answer): Resolved => (typeof to === "object" ? to.binding : to);
  const allNames = (module: GraphModule, seen: Set<GraphModule>, names: Set<string>): Set<string> => {
    if (seen.has(module)) return names;
    seen.add(module);
    const { own, shape } = tableFor(module);
    for (const name of own.keys()) names.add(name);
    for (const { source } of shape?.stars ?? []) {
      const from = module.imports[source];
      if (from !== undefined) allNames(from, seen, names);
    }
    return names;
  };

  return {
    bindingOf,
    resolve: (module, name) => resolved(answer(module, name)),
    resolveImport: (module, imported) => resolved(answerImport(module, imported)),
    namesOf: (module) =>
      [...allNames(module, new Set(), new Set())]
        .filter((name) => typeof answer(module, name) === "object")
        .toSorted((a, b) => (a < b ? -1 : 1)),
  };
};
