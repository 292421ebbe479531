// oxlint-disable no-underscore-dangle -- sucrase names its tokens so
import { HelperManager } from "sucrase/dist/esm/HelperManager.js";
import NameManager from "sucrase/dist/esm/NameManager.js";
import TokenProcessor from "sucrase/dist/esm/TokenProcessor.js";
import identifyShadowedGlobals from "sucrase/dist/esm/identifyShadowedGlobals.js";
import { ContextualKeyword } from "sucrase/dist/esm/parser/tokenizer/keywords.js";
import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types.js";
import RootTransformer from "sucrase/dist/esm/transformers/RootTransformer.js";
import getTSImportedNames from "sucrase/dist/esm/util/getTSImportedNames.js";
import type { Options } from "sucrase";
import type { Token } from "sucrase/dist/types/parser/tokenizer/index";
import { tokenizer } from "acorn";
import type { Fault } from "./fault.guest.ts";
import { ECMA_VERSION, looksLikeModule } from "./syntax.guest.ts";
import { forgetTypeScript, parseTypeScript } from "./parse-typescript.guest.ts";
import { refuseTypeScript } from "./refuse-typescript.guest.ts";
import type { Anchors } from "./source-offsets.guest.ts";

const OPTIONS: Options = { transforms: ["typescript"], disableESTransforms: true };

/** What sucrase throws itself, or runs into where it trusts a source. The engine's own, out of stack or memory, are not. */
const isOwnError = (error: unknown): boolean =>
  error instanceof Error && ["Error", "SyntaxError", "TypeError"].includes(error.name);

const UNSTRIPPABLE = "This TypeScript cannot be turned into JavaScript";

/** The tokens at which one of sucrase's transformers may do something; it copies all others (sucrase 3.35.1). */
const WATCHED: ReadonlySet<TokenType> = new Set([
  TokenType._class,
  TokenType._import,
  TokenType._export,
  TokenType.parenR,
  TokenType._async,
  TokenType._public,
  TokenType._protected,
  TokenType._private,
  TokenType._abstract,
  TokenType._readonly,
  TokenType._override,
  TokenType.nonNullAssertion,
  TokenType._enum,
  TokenType._const,
]);

export type Stripped =
  | { readonly kind: "stripped"; readonly code: string; readonly anchors: Anchors }
  | { readonly kind: "refused"; readonly fault: Fault };

/** Passes by the dozen questions that sucrase asks of each token: they are most of its metered time. */
const copyPlainTokens = (transformer: RootTransformer, tokens: TokenProcessor): void => {
  const ask = transformer.processToken.bind(transformer);
  transformer.processToken = () => {
    const { isType, type, contextualKeyword } = tokens.currentToken();
    if (isType || WATCHED.has(type) || contextualKeyword === ContextualKeyword._async) ask();
    else tokens.copyToken();
  };
};

const anchorsOf = (tokens: readonly Token[], mappings: readonly (number | undefined)[]): Anchors => {
  const code: number[] = [];
  const source: number[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const offset = mappings[index];
    const token = tokens[index];
    if (offset === undefined || token === undefined) continue;
    code.push(offset);
    source.push(token.start);
  }
  return { code, source };
};

/** What sucrase's own `transform` does, without a second parse for our check and with its raw positions. */
const transform = (source: string): Stripped => {
  let tokens: TokenProcessor | undefined;
  try {
    const parsed = parseTypeScript(source);
    if (parsed.kind === "refused") return parsed;
    const { file } = parsed;
    const fault = refuseTypeScript(file.tokens);
    if (fault !== undefined) return { kind: "refused", fault };
    // It would collect every name in use, to find free ones for transforms that are off.
    const nameManager = new NameManager(source, []);
    const helperManager = new HelperManager(nameManager);
    tokens = new TokenProcessor(source, file.tokens, false, true, helperManager);
    identifyShadowedGlobals(tokens, file.scopes, getTSImportedNames(tokens));
    const context = {
      tokenProcessor: tokens,
      scopes: file.scopes,
      nameManager,
      importProcessor: null,
      helperManager,
    };
    const transformer = new RootTransformer(context, OPTIONS.transforms, false, OPTIONS);
    copyPlainTokens(transformer, tokens);
    const { code, mappings } = transformer.transform();
    return { kind: "stripped", code, anchors: anchorsOf(file.tokens, mappings) };
  } catch (error) {
    if (!isOwnError(error)) throw error;
    const at = tokens === undefined || tokens.isAtEnd() ? 0 : tokens.currentToken().start;
    return { kind: "refused", fault: { message: UNSTRIPPABLE, at } };
  } finally {
    forgetTypeScript();
  }
};

/** The end of the source without its last semicolons and comments; the whole when it cannot be told. */
const endOfExpression = (source: string): number => {
  let end = source.length;
  try {
    for (const token of tokenizer(source, { ecmaVersion: ECMA_VERSION })) {
      if (token.type.label !== ";") end = token.end;
    }
    return end;
  } catch (error) {
    if (!isOwnError(error)) throw error;
    return source.length;
  }
};

const shift = (numbers: readonly number[], by: number): number[] =>
  numbers.map((number) => Math.max(0, number + by));

/** An object literal reads as a block where a statement is expected: in parentheses it is what the engine will see. */
const transformExpression = (source: string): Stripped => {
  const end = endOfExpression(source);
  const stripped = transform(`(${source.slice(0, end)}\n)`);
  if (stripped.kind === "refused") {
    return {
      kind: "refused",
      fault: { ...stripped.fault, at: Math.min(Math.max(0, stripped.fault.at - 1), end) },
    };
  }
  const { code, anchors } = stripped;
  if (!code.startsWith("(") || !code.endsWith("\n)"))
    return { kind: "refused", fault: { message: UNSTRIPPABLE, at: 0 } };
  return {
    kind: "stripped",
    code: code.slice(1, -2),
    anchors: { code: shift(anchors.code, -1), source: shift(anchors.source, -1) },
  };
};

/** What reads otherwise as a statement than as an expression, behind white space and comments. */
const AMBIGUOUS = /^(?:\s|\/\/.*|\/\*[^]*?\*\/)*(?:\{|(?:async\s+)?function\b|class\b)/;

/**
 * TypeScript as the JavaScript it is without its types; lines stay where they are.
 * Throws what `isTooDeep` knows when it is nested beyond the engine's stack.
 */
export const strip = (source: string): Stripped => {
  const program = transform(source);
  if (program.kind === "stripped" || looksLikeModule(source) || !AMBIGUOUS.test(source)) return program;
  const expression = transformExpression(source);
  if (expression.kind === "stripped") return expression;
  return expression.fault.at > program.fault.at ? expression : program;
};
