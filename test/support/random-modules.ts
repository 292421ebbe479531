import type { Sources } from "./link-scripts.ts";

/** Modules without circles, made by a row of choices: the same row, the same modules. `main` logs what it sees of all others. */
export interface RandomModules {
  readonly main: string;
  readonly sources: Sources;
}

const NAMES = ["a", "b", "value", "x", "show$1", "Object", "m0_default"];

/** What a name is, whatever it is: the same text in every module, so that its own name is one in all of them. */
const SHOW = `const show = (v, depth = 0) => {
  if (depth > 2) return "deep";
  if (typeof v === "function") return show(v.made === undefined ? v(2) : v.made(), depth + 1);
  if (typeof v !== "object" || v === null) return v;
  return globalThis.Object.keys(v).map((key) => [key, show(v[key], depth + 1)]);
};
const log = (...seen) => (globalThis.seen ??= []).push(...seen);`;

type Choose = (below: number) => number;

/** The binding behind each exported name, by a text of its own. */
type Exports = Map<string, string>;

const oneOf = <T>(choose: Choose, list: readonly T[]): T | undefined => list[choose(list.length)];

const declaration = (choose: Choose, name: string, value: string): string =>
  [
    `const ${name} = ${value};`,
    `let ${name} = ${value}; const grow_${name} = () => { ${name} = [${name}].concat(1).length };`,
    `var ${name} = ${value}; { var ${name} = [${value}]; }`,
    `function ${name}(${name}Of) { return [${name}Of, ${value}] }`,
    `class ${name} { static self = () => ${name}; static made() { return [typeof ${name}.self(), ${value}] } }`,
    `const { ${name} = ${value}, ...rest_${name} } = { other: ${value} };`,
    `const [{ x: ${name} }] = [{ x: ${value} }];`,
    `const ${name} = ((x) => { let value = [x]; { const a = value; value = { a, x, b: (([value]) => value)([x]) } } return value })(${value});`,
    `let ${name}; for (const each of [${value}]) { ({ ${name} = 1 } = { ${name}: each }); }`,
    `let ${name}; try { throw ${value} } catch (error) { ${name} = { error } }`,
  ][choose(10)] ?? "";

const defaultExport = (choose: Choose, name: string): string =>
  [
    `export default ${name};`,
    `export default () => show(${name})`,
    `export default function () { return show(${name}) }`,
    `export default class { static made() { return show(${name}) } }`,
    `export default (${name}, show(${name}))`,
  ][choose(5)] ?? "";

const importLines = (choose: Choose, index: number, all: readonly Exports[], locals: Set<string>) => {
  const lines: string[] = [];
  const origins = new Map<string, string>();
  for (let count = index === 0 ? 0 : choose(4); count > 0; count -= 1) {
    const from = choose(index);
    const name = oneOf(choose, [...(all[from] ?? [])]);
    const local = oneOf(choose, NAMES) ?? "a";
    if (locals.has(local)) continue;
    locals.add(local);
    if (choose(4) === 0 || name === undefined) {
      lines.push(`import * as ${local} from "scripts/m${from}";`);
      origins.set(local, `all ${from}`);
    } else {
      lines.push(`import { ${name[0]} as ${local} } from "scripts/m${from}";`);
      origins.set(local, name[1]);
    }
  }
  return { lines, origins };
};

/** Without names that come by two of them from different places: V8 tells those otherwise than ECMAScript. */
const starLines = (
  choose: Choose,
  index: number,
  all: readonly Exports[],
  own: Exports,
): readonly string[] => {
  const given: Exports = new Map();
  const lines: string[] = [];
  for (let count = index === 0 ? 0 : choose(3); count > 0; count -= 1) {
    const from = choose(index);
    const names = [...(all[from] ?? [])].filter(([name]) => name !== "default" && !own.has(name));
    if (names.some(([name, origin]) => (given.get(name) ?? origin) !== origin)) continue;
    lines.push(`export * from "scripts/m${from}";`);
    for (const [name, origin] of names) given.set(name, origin);
  }
  for (const [name, origin] of given) own.set(name, origin);
  return lines;
};

const makeModule = (choose: Choose, index: number, all: readonly Exports[]) => {
  const locals = new Set<string>();
  const { lines: imports, origins } = importLines(choose, index, all, locals);
  const own: Exports = new Map();
  const body: string[] = ["export {};"];
  const visible = [...locals];
  for (let count = 1 + choose(3); count > 0; count -= 1) {
    const name = oneOf(
      choose,
      NAMES.filter((one) => !locals.has(one)),
    );
    if (name === undefined) break;
    const seen = oneOf(choose, visible);
    body.push(declaration(choose, name, seen === undefined ? String(choose(9)) : `show(${seen})`));
    locals.add(name);
    visible.push(name);
    origins.set(name, `${index} ${name}`);
    if (body.at(-1)?.includes(`grow_${name}`)) {
      body.push(`export { grow_${name} };`);
      own.set(`grow_${name}`, `${index} grow_${name}`);
    }
  }
  for (const name of visible) {
    if (choose(3) === 0) continue;
    const exported = choose(3) === 0 ? `${name}_as` : name;
    body.push(`export { ${name} as ${exported} };`);
    const origin = origins.get(name) ?? "";
    own.set(exported, origin.startsWith("all") ? `${index} ${exported}` : origin);
  }
  if (choose(2) === 0) {
    body.push(defaultExport(choose, oneOf(choose, visible) ?? "1"));
    own.set("default", `${index} default`);
  }
  for (const name of visible) body.push(`log(["m${index}", show(${name}), show({ ${name} })]);`);
  const stars = starLines(choose, index, all, own);
  const first = choose(2) === 0 ? [...imports, ...stars, SHOW] : [SHOW, ...stars];
  const last = first.includes(imports[0] ?? SHOW) ? [] : imports;
  return { source: [...first, ...body, ...last].join("\n"), own };
};

export const randomModules = (row: readonly number[]): RandomModules => {
  let at = 0;
  const choose: Choose = (below) => {
    const choice = row[at % Math.max(1, row.length)] ?? 0;
    at += 1;
    return below === 0 ? 0 : (choice + at) % below;
  };
  const all: Exports[] = [];
  const sources: Record<string, string> = {};
  const count = 2 + choose(6);
  for (let index = 0; index < count; index += 1) {
    const { source, own } = makeModule(choose, index, all);
    sources[`m${index}`] = source;
    all.push(own);
  }
  const imports = all.map((_, index) => `import * as x${index} from "scripts/m${index}";`);
  const grown = all.flatMap((own, index) =>
    [...own.keys()].filter((name) => name.startsWith("grow_")).map((name) => `x${index}.${name}();`),
  );
  const shown = `log(${all.map((_, index) => `show(x${index})`).join(", ")});`;
  const main = [
    ...imports,
    SHOW,
    shown,
    ...grown,
    shown,
    "export default () => ({ body: globalThis.seen });",
  ].join("\n");
  return { main, sources };
};
