import { type Expression, type Options, parse, parseExpressionAt, type Program, tokenizer } from "acorn";
import { type Fault, readFault } from "./fault.guest.ts";

/** What quickjs-ng 0.12 takes whole: of 2025 and 2026 it lacks regular expression modifiers, `using` and more. */
export const ECMA_VERSION = 2024;

const PREFIX = "async () => (";
const SUFFIX = "\n)";
const NEITHER =
  "The script is neither a module (no `export`) nor one expression: export a handler, " +
  "`export default async (request, ctx) => { … }`, or put the statements into `(async () => { … })()`";
const EMPTY = "The script is empty: it has to be a module that exports a handler, or one expression";

export type Parsed =
  | { readonly kind: "module"; readonly program: Program }
  | {
      readonly kind: "expression";
      readonly program: Program;
      readonly value: Expression;
      readonly code: string;
    }
  | { readonly kind: "refused"; readonly fault: Fault };

/** Where nodes of a parsed expression begin: the parser saw the wrapper before it. */
export const EXPRESSION_START = PREFIX.length;

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

const attempt = <T>(
  text: string,
  parser: (options: Options) => T,
  sourceType: "module" | "script",
): Attempt<T> => {
  try {
    const value = parser({
      ecmaVersion: ECMA_VERSION,
      sourceType,
      preserveParens: true,
      allowAwaitOutsideFunction: sourceType === "script",
    });
    return { ok: true, value };
  } catch (error) {
    const fault = readFault(error, text);
    if (fault === undefined) throw error;
    return { ok: false, fault };
  }
};

/** Only chooses between two messages: a line that begins like a declaration of a module. */
export const looksLikeModule = (text: string): boolean =>
  /^[ \t]*(?:export|import)\b(?!\s*[(.:=])/m.test(text);

const isModule = (program: Program): boolean =>
  program.body.some(
    (statement) => statement.type.startsWith("Export") || statement.type.startsWith("Import"),
  );

/** The statements if they are one expression and nothing else. */
const onlyExpression = (program: Program): Expression | undefined => {
  const [first, ...rest] = program.body;
  if (first?.type !== "ExpressionStatement" || rest.some((other) => other.type !== "EmptyStatement"))
    return undefined;
  return first.expression;
};

/** The offset of the statement that makes a program more than one expression. */
const strayStatement = (program: Program): number => {
  const statements = program.body.filter((statement) => statement.type !== "EmptyStatement");
  const stray = statements.find((statement, index) => statement.type !== "ExpressionStatement" || index > 0);
  return (stray ?? program).start;
};

/** Spaces for the semicolons behind the expression; refuses anything else that stands there. */
const withoutSemicolons = (code: string, end: number): Attempt<string> => {
  const rest = code.slice(end);
  const tokens = attempt(rest, (options) => [...tokenizer(rest, options)], "script");
  if (!tokens.ok) return { ok: false, fault: { ...tokens.fault, at: tokens.fault.at + end } };
  const stray = tokens.value.find(({ type }) => type.label !== ";");
  if (stray !== undefined) return { ok: false, fault: { message: NEITHER, at: end + stray.start } };
  let at = 0;
  const pieces = tokens.value.map(({ start, end: after }) => {
    const piece = `${rest.slice(at, start)} `;
    at = after;
    return piece;
  });
  return { ok: true, value: code.slice(0, end) + pieces.join("") + rest.slice(at) };
};

/** Parses the very text that the engine evaluates, so that nothing can close the wrapper's parentheses and go on behind. */
const parseWrapped = (code: string): Attempt<{ readonly program: Program; readonly value: Expression }> => {
  const text = PREFIX + code + SUFFIX;
  const parsed = attempt(text, (options) => parse(text, options), "script");
  if (!parsed.ok) {
    const at = Math.min(Math.max(0, parsed.fault.at - PREFIX.length), code.length);
    return { ok: false, fault: { ...parsed.fault, at } };
  }
  const [statement, more] = parsed.value.body;
  const arrow = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  const body =
    arrow?.type === "ArrowFunctionExpression" && arrow.end === text.length ? arrow.body : undefined;
  const whole =
    more === undefined &&
    body?.type === "ParenthesizedExpression" &&
    body.start === PREFIX.length - 1 &&
    body.end === text.length;
  return whole
    ? { ok: true, value: { program: parsed.value, value: body.expression } }
    : { ok: false, fault: { message: NEITHER, at: 0 } };
};

const parseExpression = (code: string, program: Program | undefined): Parsed => {
  const known = program === undefined ? undefined : onlyExpression(program);
  const found =
    known === undefined
      ? attempt(code, (options) => parseExpressionAt(code, 0, options), "script")
      : { ok: true as const, value: known };
  if (!found.ok) return { kind: "refused", fault: found.fault };
  const spaced = withoutSemicolons(code, found.value.end);
  if (!spaced.ok) return { kind: "refused", fault: spaced.fault };
  const wrapped = parseWrapped(spaced.value);
  if (!wrapped.ok) return { kind: "refused", fault: wrapped.fault };
  return { kind: "expression", ...wrapped.value, code: spaced.value };
};

/** Tells the form of a script: a module if it has an import or export declaration, else one expression. */
export const parseScript = (code: string): Parsed => {
  const module = attempt(code, (options) => parse(code, options), "module");
  const program = module.ok ? module.value : undefined;
  if (program !== undefined) {
    if (isModule(program)) return { kind: "module", program };
    if (program.body.every((statement) => statement.type === "EmptyStatement")) {
      return { kind: "refused", fault: { message: EMPTY, at: 0 } };
    }
  }
  const expression = parseExpression(code, program);
  if (expression.kind !== "refused") return expression;
  if (module.ok) {
    const fault =
      onlyExpression(module.value) === undefined
        ? { message: NEITHER, at: strayStatement(module.value) }
        : expression.fault;
    return { kind: "refused", fault };
  }
  const listed = attempt(
    code,
    (options) => parse(code, { ...options, allowReturnOutsideFunction: true }),
    "script",
  );
  if (listed.ok && onlyExpression(listed.value) === undefined) {
    return { kind: "refused", fault: { message: NEITHER, at: strayStatement(listed.value) } };
  }
  const farther =
    looksLikeModule(code) || module.fault.at >= expression.fault.at ? module.fault : expression.fault;
  return { kind: "refused", fault: farther };
};
