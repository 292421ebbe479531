import type {
  CompiledUnit,
  ImportUse,
  LibraryUnit,
  LoadScript,
  Place,
  ScriptFault,
  ScriptRef,
  ScriptUse,
} from "../compiled.ts";
import { OWN_FILE } from "../positions.ts";

/** Different imports of all sources: what a save loads. */
export const MOST_IMPORTS = 100;
export const MOST_DEPTH = 10;
/** Of all code together, in UTF-16 units: as much as its image may take (docs/adr/0050-modules-are-joined-at-link-time.md). */
export const MOST_CODE = 512 * 1024;
export const TOO_MUCH_CODE = `The script and all that it imports have more than ${MOST_CODE / 1024} KiB of code`;
/** So that little is loaded beyond what there is room for. */
const LOADED_AT_ONCE = 10;

/** One source of a program. A version that is imported by several is one module. */
export interface GraphModule {
  /** `script`, `scripts/NAME` or `scripts/NAME@VERSION`, as it was first asked for. */
  readonly file: string;
  readonly unit: CompiledUnit;
  /** What `unit.imports` came to, in their order. */
  readonly imports: readonly GraphModule[];
}

export interface Graph {
  readonly main: GraphModule;
  /** Each after all that it imports: the order in which they are evaluated, `main` last. */
  readonly modules: readonly GraphModule[];
  readonly uses: readonly ScriptUse[];
}

export type LoadedGraph =
  | { readonly kind: "loaded"; readonly graph: Graph }
  | { readonly kind: "refused"; readonly errors: readonly ScriptFault[] };

export const fileOf = ({ name, version }: ScriptRef): string =>
  version === null ? `scripts/${name}` : `scripts/${name}@${version}`;

export const inFile = (file: string, fault: ScriptFault): ScriptFault =>
  file === OWN_FILE ? fault : { ...fault, file };

/** A fault at a place of a module's source. */
export const faultIn = (file: string, place: Place | null, message: string): ScriptFault =>
  inFile(file, { message, line: place?.line ?? null, column: place?.column ?? null });

interface Growing extends GraphModule {
  readonly imports: Growing[];
}

interface Followed {
  readonly errors: readonly ScriptFault[];
  /** What the new ones import in turn. */
  readonly next: readonly Wanted[];
}

/** One import that is still to be followed. */
interface Wanted {
  readonly by: Growing;
  readonly use: ImportUse;
  readonly depth: number;
}

const missing = async (load: LoadScript, { name, version }: ScriptRef): Promise<string> =>
  version === null || (await load(name, null)) === undefined
    ? `There is no script \`${name}\` in the library`
    : `The script \`${name}\` has no version ${version}`;

/** Finds each version once, whoever asks for it. */
const createLoader = (load: LoadScript) => {
  const byRef = new Map<string, Promise<LibraryUnit | undefined>>();
  const byVersion = new Map<string, Growing>();
  const uses = new Map<string, ScriptUse>();
  return {
    find: (ref: ScriptRef): Promise<LibraryUnit | undefined> => {
      const file = fileOf(ref);
      const found = byRef.get(file) ?? load(ref.name, ref.version);
      byRef.set(file, found);
      return found;
    },
    /** The module of a version, and whether it is a new one. */
    take: (ref: ScriptRef, found: LibraryUnit): { readonly module: Growing; readonly isNew: boolean } => {
      const { scriptId, name, version } = found;
      const wanted = ref.version ?? 0;
      uses.set(`${scriptId} ${wanted}`, { scriptId, name, wanted, version });
      const key = `${scriptId} ${version}`;
      const known = byVersion.get(key);
      if (known !== undefined) return { module: known, isNew: false };
      const module: Growing = { file: fileOf(ref), unit: found.unit, imports: [] };
      byVersion.set(key, module);
      return { module, isNew: true };
    },
    uses: (): readonly ScriptUse[] => [...uses.values()],
  };
};

const importsOf = (by: Growing, depth: number): readonly Wanted[] =>
  by.unit.imports.map((use) => ({ by, use, depth }));

/** Each module after those that it imports, or the circle that has no such order. */
const inOrder = (main: Growing): Pick<Graph, "modules"> | { readonly circle: ScriptFault } => {
  const done = new Set<Growing>();
  const path: { readonly module: Growing; next: number }[] = [{ module: main, next: 0 }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const { module } = top;
    const imported = module.imports[top.next];
    top.next += 1;
    if (imported === undefined) {
      done.add(module);
      path.pop();
      continue;
    }
    if (done.has(imported)) continue;
    const from = path.findIndex((step) => step.module === imported);
    if (from >= 0) {
      const chain = [...path.slice(from).map((step) => step.module), imported].map(({ file }) => file);
      const message = `Scripts cannot import each other in a circle: ${chain.join(" → ")}`;
      return { circle: faultIn(module.file, module.unit.imports[top.next - 1] ?? null, message) };
    }
    path.push({ module: imported, next: 0 });
  }
  return { modules: [...done] };
};

/** Loads a script and all that it imports, the nearer before the farther. */
export const loadGraph = async (given: CompiledUnit | ScriptRef, load: LoadScript): Promise<LoadedGraph> => {
  const loader = createLoader(load);
  const asked = new Set<string>();
  const refuse = (...errors: readonly ScriptFault[]): LoadedGraph => ({ kind: "refused", errors });
  const begin = async (): Promise<Growing | ScriptFault> => {
    if ("code" in given) return { file: OWN_FILE, unit: given, imports: [] };
    const found = await loader.find(given);
    return found === undefined
      ? faultIn(OWN_FILE, null, await missing(load, given))
      : loader.take(given, found).module;
  };
  const main = await begin();
  if ("message" in main) return refuse(main);

  let size = main.unit.code.length;
  const follow = async (wanted: readonly Wanted[]): Promise<Followed> => {
    const found = await Promise.all(wanted.map(({ use }) => loader.find(use)));
    const next: Wanted[] = [];
    const errors: ScriptFault[] = [];
    for (const [index, { by, use, depth }] of wanted.entries()) {
      const library = found[index];
      const fault = (message: string): void => void errors.push(faultIn(by.file, use, message));
      if (library === undefined) {
        fault(await missing(load, use));
        continue;
      }
      if (library.unit.module === null) {
        fault(`\`${fileOf(use)}\` is an expression and exports nothing: only modules can be imported`);
      }
      const { module, isNew } = loader.take(use, library);
      by.imports.push(module);
      if (!isNew) continue;
      if (depth > MOST_DEPTH) fault(`Imports go more than ${MOST_DEPTH} scripts deep`);
      size += library.unit.code.length;
      if (size > MOST_CODE) return { errors: [faultIn(by.file, use, TOO_MUCH_CODE)], next };
      next.push(...importsOf(module, depth + 1));
    }
    return { errors, next };
  };

  const waiting = [...importsOf(main, 1)];
  while (waiting.length > 0) {
    const wanted = waiting.splice(0, LOADED_AT_ONCE);
    for (const { by, use } of wanted) {
      if (asked.add(fileOf(use)).size > MOST_IMPORTS)
        return refuse(faultIn(by.file, use, `More than ${MOST_IMPORTS} scripts of the library are imported`));
    }
    const { errors, next } = await follow(wanted);
    if (errors.length > 0) return refuse(...errors);
    waiting.push(...next);
  }
  const ordered = inOrder(main);
  if ("circle" in ordered) return refuse(ordered.circle);
  return { kind: "loaded", graph: { main, modules: ordered.modules, uses: loader.uses() } };
};
