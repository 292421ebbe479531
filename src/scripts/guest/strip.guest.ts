import { HelperManager } from "sucrase/dist/esm/HelperManager.js";
import NameManager from "sucrase/dist/esm/NameManager.js";
import TokenProcessor from "sucrase/dist/esm/TokenProcessor.js";
import identifyShadowedGlobals from "sucrase/dist/esm/identifyShadowedGlobals.js";
import { parse } from "sucrase/dist/esm/parser/index.js";
import { initParser } from "sucrase/dist/esm/parser/traverser/base.js";
import RootTransformer from "sucrase/dist/esm/transformers/RootTransformer.js";
import getTSImportedNames from "sucrase/dist/esm/util/getTSImportedNames.js";
import type { Options } from "sucrase";
import { tokenizer } from "acorn";
import { type Fault, isTooDeep, readFault, TOO_DEEP } from "./fault.guest.ts";
import { ECMA_VERSION, looksLikeModule } from "./syntax.guest.ts";
import { refuseTypeScript } from "./refuse-typescript.guest.ts";
import type { Anchors } from "./source-offsets.guest.ts";

const OPTIONS: Options = { transforms: ["typescript"], disableESTransforms: true };
const UNSTRIPPABLE = "This TypeScript cannot be turned into JavaScript";

export type Stripped =
  | { readonly kind: "stripped"; readonly code: string; readonly anchors: Anchors }
  | { readonly kind: "refused"; readonly fault: Fault };

/** What sucrase's own `transform` does, without a second parse for our check and with its raw positions. */
const transform = (source: string): Stripped => {
  let tokens: TokenProcessor | undefined;
  try {
    const file = parse(source, false, true, false);
    const fault = refuseTypeScript(file.tokens);
    if (fault !== undefined) return { kind: "refused", fault };
    const nameManager = new NameManager(source, file.tokens);
    const helperManager = new HelperManager(nameManager);
    tokens = new TokenProcessor(source, file.tokens, false, true, helperManager);
    identifyShadowedGlobals(tokens, file.scopes, getTSImportedNames(tokens));
    const context = { tokenProcessor: tokens, scopes: file.scopes, nameManager, importProcessor: null, helperManager };
    const { code, mappings } = new RootTransformer(context, OPTIONS.transforms, false, OPTIONS).transform();
    const anchors: { code: number[]; source: number[] } = { code: [], source: [] };
    for (const [index, offset] of mappings.entries()) {
      if (offset === undefined) continue;
      anchors.code.push(offset);
      anchors.source.push(file.tokens[index]?.start ?? source.length);
    }
    return { kind: "stripped", code, anchors };
  } catch (error) {
    const at = tokens === undefined || tokens.isAtEnd() ? 0 : tokens.currentToken().start;
    const fault = readFault(error, source) ?? { message: isTooDeep(error) ? TOO_DEEP : UNSTRIPPABLE, at };
    return { kind: "refused", fault };
  } finally {
    // The parser keeps its last tokens, some 400 bytes each, which the next parser needs the heap for.
    initParser("", false, true, false);
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
  } catch {
    return source.length;
  }
};

const shift = (numbers: readonly number[], by: number): number[] => numbers.map((number) => Math.max(0, number + by));

/** An object literal reads as a block where a statement is expected: in parentheses it is what the engine will see. */
const transformExpression = (source: string): Stripped => {
  const end = endOfExpression(source);
  const stripped = transform(`(${source.slice(0, end)}\n)`);
  if (stripped.kind === "refused") {
    return { kind: "refused", fault: { ...stripped.fault, at: Math.min(Math.max(0, stripped.fault.at - 1), end) } };
  }
  const { code, anchors } = stripped;
  if (!code.startsWith("(") || !code.endsWith("\n)")) return { kind: "refused", fault: { message: UNSTRIPPABLE, at: 0 } };
  return {
    kind: "stripped",
    code: code.slice(1, -2),
    anchors: { code: shift(anchors.code, -1), source: shift(anchors.source, -1) },
  };
};

/** TypeScript as the JavaScript it is without its types; lines stay where they are. */
export const strip = (source: string): Stripped => {
  const program = transform(source);
  if (program.kind === "stripped" || looksLikeModule(source)) return program;
  const expression = transformExpression(source);
  if (expression.kind === "stripped") return expression;
  return expression.fault.at > program.fault.at ? expression : program;
};
