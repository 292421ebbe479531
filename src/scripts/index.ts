/** Scripts of users: what they are compiled to, and how one answers a hit. */
export { compile, type CompileInput, SOURCE_BYTES } from "./compile.ts";
export type {
  Compiled,
  CompiledUnit,
  Handler,
  ImportUse,
  LibraryUnit,
  Linked,
  LoadScript,
  Program,
  ScriptFacts,
  ScriptFault,
  ScriptForm,
  ScriptLanguage,
  ScriptRef,
  ScriptUse,
} from "./compiled.ts";
export type {
  BodyType,
  HeaderChange,
  HeaderOverlay,
  ScriptAnswer,
  ScriptBody,
  ScriptWishes,
} from "./contract.ts";
export {
  createExecute,
  type Execute,
  type ExecuteDeps,
  type Executed,
  type ExecuteRequest,
  type Execution,
  type ScriptInput,
} from "./execute.ts";
export { link, type LinkInput } from "./link.ts";
export { readUnit } from "./read-compiled.ts";
export { readProgram } from "./read-program.ts";
export { type ScriptWarning, scriptWarnings } from "./warnings.ts";
