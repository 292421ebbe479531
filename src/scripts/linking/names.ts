import type { ModuleShape } from "../compiled.ts";
import type { Binding, Exports } from "./exports.ts";
import type { Graph, GraphModule } from "./graph.ts";

/** The names that bindings have in the joined module. */
export interface Names {
  readonly of: (binding: Binding) => string;
  /** The objects of `import * as …` and `export * as …` that somebody asks for. */
  readonly namespaces: readonly Binding[];
}

/** What the joined module itself uses of the globals. */
const USED_BY_ALL = ["Object"];

interface Importer {
  readonly shape: ModuleShape;
  readonly local: string;
}

const shapesOf = ({ modules }: Graph): readonly ModuleShape[] =>
  modules.flatMap(({ unit }) => (unit.module === null ? [] : [unit.module]));

/** Who calls each binding by which name, and which modules are asked for as a whole. */
const importersOf = (graph: Graph, exports: Exports): ReadonlyMap<Binding, readonly Importer[]> => {
  const importers = new Map<Binding, Importer[]>();
  const note = (binding: Binding, importer: Importer | undefined): void => {
    const list = importers.get(binding) ?? [];
    if (importer !== undefined) list.push(importer);
    importers.set(binding, list);
  };
  for (const module of graph.modules) {
    const shape = module.unit.module;
    for (const { name, imported } of shape?.bindings ?? []) {
      const binding = imported === null ? undefined : exports.resolveImport(module, imported);
      if (shape !== null && typeof binding === "object") note(binding, { shape, local: name });
    }
    for (const { of } of shape?.exports ?? []) {
      const binding = of.kind === "imported" ? exports.resolveImport(module, of.imported) : undefined;
      if (typeof binding === "object") note(binding, undefined);
    }
  }
  return importers;
};

const baseOf = ({ module, kind, name }: Binding): string => {
  if (kind === "own") return name;
  const script = module.file.replace(/^scripts\//, "").replaceAll(/[^a-z0-9]/g, "_");
  return `${script}_${kind === "default" ? "default" : "exports"}`;
};

/**
 * Gives every top-level name of every module a name in one scope, its own where nothing stands against it: the main module's
 * first. A name is not taken that some module uses as a global, or that an importer, which may call the binding otherwise,
 * declares again inside, where the use would then mean that.
 */
export const nameBindings = (graph: Graph, exports: Exports): Names => {
  const shapes = shapesOf(graph);
  const importers = importersOf(graph, exports);
  const globals = new Set([...USED_BY_ALL, ...shapes.flatMap((shape) => shape.globals)]);
  const everywhere = new Set([
    ...globals,
    ...shapes.flatMap(({ inner, bindings }) => [...inner, ...bindings.map(({ name }) => name)]),
  ]);
  const innerOf = new Map(shapes.map((shape) => [shape, new Set(shape.inner)]));
  const taken = new Set<string>();
  const tried = new Map<string, number>();
  const names = new Map<Binding, string>();

  const isFree = (binding: Binding): boolean => {
    const { name, kind } = binding;
    if (kind !== "own" || taken.has(name) || globals.has(name)) return false;
    const others = importers.get(binding) ?? [];
    return others.every(({ shape, local }) => local === name || innerOf.get(shape)?.has(name) !== true);
  };
  const unused = (base: string): string => {
    for (let count = tried.get(base) ?? 1; ; count += 1) {
      tried.set(base, count + 1);
      const name = `${base}$${count}`;
      if (!taken.has(name) && !everywhere.has(name)) return name;
    }
  };
  const give = (binding: Binding): void => {
    if (names.has(binding)) return;
    const name = isFree(binding) ? binding.name : unused(baseOf(binding));
    taken.add(name);
    names.set(binding, name);
  };

  const ownOf = (module: GraphModule): readonly Binding[] =>
    (module.unit.module?.bindings ?? []).flatMap(({ name, imported }) =>
      imported === null ? [exports.bindingOf(module, "own", name)] : [],
    );
  const main = graph.main;
  for (const module of [main, ...graph.modules.filter((other) => other !== main)]) {
    for (const binding of ownOf(module)) give(binding);
    if (module.unit.module?.defaultExport) give(exports.bindingOf(module, "default"));
  }
  const namespaces = [...importers.keys()].filter(({ kind }) => kind === "all");
  for (const binding of namespaces) give(binding);
  return { of: (binding) => names.get(binding) ?? binding.name, namespaces };
};
