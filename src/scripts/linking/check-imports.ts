import type { Imported, ScriptFault } from "../compiled.ts";
import type { Exports } from "./exports.ts";
import { faultIn, type Graph, type GraphModule } from "./graph.ts";

const MOST_NAMED = 10;
/** A list of names is made for each. */
const MOST_FAULTS = 20;

const given = (exports: Exports, from: GraphModule): string => {
  const names = exports.namesOf(from);
  if (names.length === 0) return "it exports nothing";
  const more = names.length > MOST_NAMED ? ", …" : "";
  return `it exports ${names
    .slice(0, MOST_NAMED)
    .map((name) => `\`${name}\``)
    .join(", ")}${more}`;
};

const faultOf = (exports: Exports, module: GraphModule, imported: Imported): ScriptFault | undefined => {
  const from = module.imports[imported.source];
  const found = exports.resolveImport(module, imported);
  if (from === undefined || typeof found === "object") return undefined;
  const message =
    found === "missing"
      ? `\`${from.file}\` does not export \`${imported.name}\`: ${given(exports, from)}`
      : `\`${from.file}\` exports \`${imported.name}\` from two scripts by \`export *\`: name the one that is meant`;
  return faultIn(module.file, imported, message);
};

const importedBy = ({ unit }: GraphModule): readonly Imported[] => {
  const { bindings = [], exports = [] } = unit.module ?? {};
  const taken = bindings.map(({ imported }) => imported);
  const passed = exports.map(({ of }) => (of.kind === "imported" ? of.imported : null));
  return [...taken, ...passed].filter((imported) => imported !== null);
};

/** The first names that are imported, or exported from elsewhere, and are not there. */
export const checkImports = ({ modules }: Graph, exports: Exports): readonly ScriptFault[] => {
  const faults: ScriptFault[] = [];
  for (const module of modules) {
    for (const imported of importedBy(module)) {
      const fault = faultOf(exports, module, imported);
      if (fault !== undefined) faults.push(fault);
      if (faults.length === MOST_FAULTS) return faults;
    }
  }
  return faults;
};
