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

interface Table {
  readonly shape: ModuleShape | null;
  readonly own: ReadonlyMap<string, ModuleExport>;
  readonly declared: ReadonlyMap<string, ModuleBinding>;
  readonly bindings: Map<string, Binding>;
  readonly resolved: Map<string, Resolved>;
}

const tableOf = ({ unit }: GraphModule): Table => ({
  shape: unit.module,
  own: new Map(unit.module?.exports.map((one) => [one.name, one])),
  declared: new Map(unit.module?.bindings.map((one) => [one.name, one])),
  bindings: new Map(),
  resolved: new Map(),
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

  const resolveImport = (module: GraphModule, { source, name }: Imported): Resolved => {
    const from = module.imports[source];
    if (from === undefined) return "missing";
    return name === "*" ? bindingOf(from, "all") : resolve(from, name);
  };
  const resolveStars = (module: GraphModule, { shape }: Table, name: string): Resolved => {
    let found: Resolved = "missing";
    for (const { source } of name === "default" ? [] : (shape?.stars ?? [])) {
      const from = module.imports[source];
      const other = from === undefined ? "missing" : resolve(from, name);
      if (other === "missing" || other === found) continue;
      if (found !== "missing" || other === "ambiguous") return "ambiguous";
      found = other;
    }
    return found;
  };
  const find = (module: GraphModule, name: string): Resolved => {
    const table = tableFor(module);
    const own = table.own.get(name);
    if (own === undefined) return resolveStars(module, table, name);
    const { of } = own;
    if (of.kind === "default") return bindingOf(module, "default");
    if (of.kind === "imported") return resolveImport(module, of.imported);
    const imported = table.declared.get(of.name)?.imported ?? null;
    return imported === null ? bindingOf(module, "own", of.name) : resolveImport(module, imported);
  };
  const resolve = (module: GraphModule, name: string): Resolved => {
    const { resolved } = tableFor(module);
    const found = resolved.get(name) ?? find(module, name);
    resolved.set(name, found);
    return found;
  };
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
    resolve,
    resolveImport,
    namesOf: (module) =>
      [...allNames(module, new Set(), new Set())]
        .filter((name) => typeof resolve(module, name) === "object")
        .toSorted((a, b) => (a < b ? -1 : 1)),
  };
};
