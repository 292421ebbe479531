import type { AnyNode, Expression } from "acorn";
import type {
  Compiled,
  CompiledUnit,
  NamedPlace,
  ScriptFacts,
  ScriptFault,
  ScriptLanguage,
} from "../compiled.ts";
import { type Fault, isTooDeep, TOO_DEEP } from "./fault.guest.ts";
import { globalsUsed, mayUseGlobals } from "./globals-used.guest.ts";
import { stateUsed } from "./state-used.guest.ts";
import { readHandlers } from "./handlers.guest.ts";
import { readImports } from "./imports.guest.ts";
import { insertMarks, movedByMarks, noteMarks } from "./mark-statements.guest.ts";
import { readShape } from "./module-shape.guest.ts";
import { NO_SECRETS, secretsUsed, type Use } from "./secrets-used.guest.ts";
import { type PlaceOf, placesIn } from "./source-offsets.guest.ts";
import { strip } from "./strip.guest.ts";
import { EXPRESSION_START, parseScript } from "./syntax.guest.ts";
import { unwrap, walk } from "./walk.guest.ts";
import { writeMap } from "./write-map.guest.ts";

const MOST_FAULTS = 20;
const DYNAMIC_IMPORT = "`import()` is not available: nothing can be loaded while a script runs";
const TYPESCRIPT = 'The script is TypeScript: set `"language": "ts"` beside its source';
const REGULAR_EXPRESSION = "The engine does not know this kind of regular expression";

export interface CompilerInput {
  readonly source: string;
  readonly language: ScriptLanguage;
}

/** All but what only the engine itself refuses. */
export type CompilerAnswer = Compiled;

const placed = (faults: readonly Fault[], placeOf: PlaceOf): readonly ScriptFault[] =>
  faults.slice(0, MOST_FAULTS).map(({ message, at }) => {
    const { line, column } = placeOf(at);
    return { message, line, column };
  });

const inOrder = (faults: readonly Fault[]): readonly Fault[] => faults.toSorted((a, b) => a.at - b.at);

const refuse = (faults: readonly Fault[], placeOf: PlaceOf): CompilerAnswer => ({
  kind: "refused",
  errors: placed(inOrder(faults), placeOf),
});

/** What one walk finds in either form: faults, and where the engine has to be told a place. */
const survey = (root: AnyNode): { readonly faults: readonly Fault[]; readonly marks: readonly number[] } => {
  const faults: Fault[] = [];
  const marks: number[] = [];
  walk(root, (node) => {
    noteMarks(node, marks);
    if (node.type === "ImportExpression") faults.push({ message: DYNAMIC_IMPORT, at: node.start });
    // The parser tried it on the engine that it runs in.
    if (node.type === "Literal" && node.regex && !(node.value instanceof RegExp)) {
      faults.push({ message: REGULAR_EXPRESSION, at: node.start });
    }
  });
  return { faults, marks: marks.toSorted((a, b) => a - b) };
};

/** The function that an expression is, where a call of it was meant. */
const uncalled = (value: Expression): number | undefined => {
  const inner = unwrap(value);
  const last = inner.type === "SequenceExpression" ? unwrap(inner.expressions.at(-1) ?? inner) : inner;
  const never = ["FunctionExpression", "ArrowFunctionExpression", "ClassExpression"].includes(last.type);
  return never ? last.start : undefined;
};

const firstUses = (uses: readonly Use[], placeOf: PlaceOf): readonly NamedPlace[] => {
  const seen = new Map<string, number>();
  for (const { name, at } of uses.toSorted((a, b) => a.at - b.at)) if (!seen.has(name)) seen.set(name, at);
  return [...seen].map(([name, at]) => {
    const { line, column } = placeOf(at);
    return { name, line, column };
  });
};

const findFacts = (
  code: string,
  root: AnyNode,
  handlers: readonly AnyNode[],
  placeOf: PlaceOf,
): Omit<ScriptFacts, "uncalled"> => {
  const globals = mayUseGlobals(code) ? globalsUsed(root) : [];
  const state = code.includes("kv") ? stateUsed(root, handlers) : [];
  const { names, compared, open } = code.includes("secrets") ? secretsUsed(root, handlers) : NO_SECRETS;
  return {
    secrets: firstUses(names, placeOf),
    secretsOpen: open,
    comparesSecret: firstUses(compared, placeOf),
    globals: firstUses([...globals, ...state], placeOf),
  };
};

/** What JavaScript's parser says of types is no help to who forgot to name the language. */
const hintTypeScript = (fault: Fault, source: string): Fault => {
  try {
    if (compile({ source, language: "ts" }).kind === "refused") return fault;
  } catch (error) {
    if (isTooDeep(error)) return fault;
    throw error;
  }
  return { ...fault, message: `${fault.message}. ${TYPESCRIPT}` };
};

const compile = ({ source: given, language }: CompilerInput): CompilerAnswer => {
  // A byte order mark is of the file, not of the script.
  const source = given.startsWith("\uFEFF") ? given.slice(1) : given;
  const stripped =
    language === "ts" ? strip(source) : { kind: "stripped" as const, code: source, anchors: null };
  if (stripped.kind === "refused") return refuse([stripped.fault], placesIn(source, null));
  const places = placesIn(source, stripped.anchors);
  const parsed = parseScript(stripped.code);
  if (parsed.kind === "refused") {
    return refuse([language === "js" ? hintTypeScript(parsed.fault, source) : parsed.fault], places);
  }
  const { program } = parsed;
  const found = survey(program);
  const write = (code: string, marks: readonly number[]): Pick<CompiledUnit, "code" | "map"> => {
    const marked = insertMarks(code, stripped.anchors, marks);
    return { code: marked.code, map: writeMap(marked.code, source, marked.anchors) };
  };
  if (parsed.kind === "expression") {
    const placeOf: PlaceOf = (offset) => places(Math.max(0, offset - EXPRESSION_START));
    if (found.faults.length > 0) return refuse(found.faults, placeOf);
    const never = uncalled(parsed.value);
    return {
      kind: "compiled",
      unit: {
        form: "expression",
        ...write(
          parsed.code,
          found.marks.map((at) => at - EXPRESSION_START),
        ),
        facts: {
          ...findFacts(parsed.code, program, [], placeOf),
          uncalled: never === undefined ? null : placeOf(never),
        },
        imports: [],
        handlerFaults: [],
        module: null,
      },
    };
  }
  const { code } = stripped;
  const handlers = readHandlers(program);
  const { imports, places: importPlaces, faults: importFaults } = readImports(program);
  const moved = movedByMarks(found.marks);
  const { shape, faults } = readShape({ program, code, imports: importPlaces, placeOf: places, moved });
  const all = [...importFaults, ...faults, ...found.faults];
  if (all.length > 0) return refuse(all, places);
  return {
    kind: "compiled",
    unit: {
      form: "module",
      ...write(code, found.marks),
      facts: { ...findFacts(code, program, handlers.values, places), uncalled: null },
      imports: imports.map(({ name, version, at }) => {
        const { line, column } = places(at);
        return { name, version, line, column };
      }),
      handlerFaults: placed(handlers.faults, places),
      module: shape,
    },
  };
};

/** Tells the form, strips types, checks, and notes what is used. Throws for nothing that a source can hold. */
export const compileSource = (input: CompilerInput): CompilerAnswer => {
  try {
    return compile(input);
  } catch (error) {
    if (isTooDeep(error))
      return { kind: "refused", errors: [{ message: TOO_DEEP, line: null, column: null }] };
    throw error;
  }
};
