/** Sucrase publishes types for its index only; these are the parts that `strip.guest.ts` puts together itself. */
declare module "sucrase/dist/esm/HelperManager.js" {
  export { HelperManager } from "sucrase/dist/types/HelperManager";
}
declare module "sucrase/dist/esm/NameManager.js" {
  export { default } from "sucrase/dist/types/NameManager";
}
declare module "sucrase/dist/esm/TokenProcessor.js" {
  export { default } from "sucrase/dist/types/TokenProcessor";
}
declare module "sucrase/dist/esm/identifyShadowedGlobals.js" {
  export { default } from "sucrase/dist/types/identifyShadowedGlobals";
}
declare module "sucrase/dist/esm/parser/traverser/base.js" {
  export { initParser, state } from "sucrase/dist/types/parser/traverser/base";
}
declare module "sucrase/dist/esm/parser/traverser/index.js" {
  export { parseFile } from "sucrase/dist/types/parser/traverser/index";
}
declare module "sucrase/dist/esm/parser/tokenizer/keywords.js" {
  export { ContextualKeyword } from "sucrase/dist/types/parser/tokenizer/keywords";
}
declare module "sucrase/dist/esm/parser/tokenizer/types.js" {
  export { TokenType } from "sucrase/dist/types/parser/tokenizer/types";
}
declare module "sucrase/dist/esm/transformers/RootTransformer.js" {
  export { default } from "sucrase/dist/types/transformers/RootTransformer";
}
declare module "sucrase/dist/esm/util/getTSImportedNames.js" {
  export { default } from "sucrase/dist/types/util/getTSImportedNames";
}
