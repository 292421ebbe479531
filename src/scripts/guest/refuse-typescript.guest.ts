// oxlint-disable no-underscore-dangle -- sucrase names its tokens so
import { ContextualKeyword } from "sucrase/dist/esm/parser/tokenizer/keywords.js";
import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types.js";
import type { Token } from "sucrase/dist/types/parser/tokenizer/index";
import type { Fault } from "./fault.guest.ts";

const NAMESPACE = "Namespaces cannot be stripped: export functions and constants, or use an object";
const DECORATOR = "Decorators are not supported";
const IMPORT_EQUALS = "`import … = …` is not supported: write an `import` declaration";
const EXPORT_EQUALS = "`export = …` is not supported: write `export default …`";
const EXPORT_AS = "`export as namespace` is not supported: write `export default …`";

/** `namespace X {`, `module X.Y {`, `module "x"`, as sucrase marks them: part of a type, to be dropped without a word. */
const beginsNamespace = (tokens: readonly Token[], at: number): boolean => {
  const keyword = tokens[at];
  const name = tokens[at + 1];
  if (keyword?.type !== TokenType.name || name?.isType !== true) return false;
  if (keyword.contextualKeyword === ContextualKeyword._module && name.type === TokenType.string) return true;
  const word =
    keyword.contextualKeyword === ContextualKeyword._namespace ||
    keyword.contextualKeyword === ContextualKeyword._module;
  const next = tokens[at + 2];
  return (
    word && name.type === TokenType.name && (next?.type === TokenType.braceL || next?.type === TokenType.dot)
  );
};

const refuseExportOrImport = (tokens: readonly Token[], at: number): string | undefined => {
  const word = tokens[at];
  const next = tokens[at + 1];
  if (word?.type === TokenType._export) {
    if (next?.type === TokenType.eq) return EXPORT_EQUALS;
    if (next?.type === TokenType._import) return IMPORT_EQUALS;
    return next?.contextualKeyword === ContextualKeyword._as ? EXPORT_AS : undefined;
  }
  if (word?.type !== TokenType._import || next?.type !== TokenType.name) return undefined;
  const named = next.contextualKeyword === ContextualKeyword._type && tokens[at + 2]?.type === TokenType.name;
  return tokens[at + (named ? 3 : 2)]?.type === TokenType.eq ? IMPORT_EQUALS : undefined;
};

/**
 * The first piece of TypeScript that is code, not types, and that sucrase drops silently or leaves as it is.
 * What stands inside `declare` has no code and may go.
 */
export const refuseTypeScript = (tokens: readonly Token[]): Fault | undefined => {
  let depth = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (!token.isType) {
      depth = 0;
      if (token.type === TokenType.at) return { message: DECORATOR, at: token.start };
      if (token.type !== TokenType._export && token.type !== TokenType._import) continue;
      const message = refuseExportOrImport(tokens, at);
      if (message !== undefined) return { message, at: token.start };
      continue;
    }
    if (token.type === TokenType.braceL) depth += 1;
    if (token.type === TokenType.braceR) depth -= 1;
    // Deeper than 0 is the inside of a declaration whose head was looked at.
    if (depth !== 0 || tokens[at - 1]?.type === TokenType._declare) continue;
    if (beginsNamespace(tokens, at)) return { message: NAMESPACE, at: token.start };
  }
  return undefined;
};
