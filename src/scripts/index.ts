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
  type RunSecrets,
  type ScriptInput,
} from "./execute.ts";
export { link, type LinkInput } from "./link.ts";
export { faultText } from "./fault-text.ts";
export { createScripts, type Scripts } from "./library/create-scripts.ts";
export type { Difference } from "./library/difference.ts";
export type { Followers, Relinked } from "./library/followers.ts";
export { type Library, openLibrary } from "./library/load.ts";
export { parseReference, referenceText } from "./library/reference.ts";
export type { Foreseen } from "./library/save.ts";
export { libraryHolds } from "./library/saves/store.ts";
export type {
  ResponderUser,
  SavedScript,
  Script,
  ScriptSummary,
  ScriptUser,
  ScriptVersion,
  VersionHead,
} from "./library/script.ts";
export { namesOfScripts } from "./library/store.ts";
export { readUnit } from "./read-compiled.ts";
export { readProgram } from "./read-program.ts";
export { shareOf } from "./share.ts";
export { type ScriptWarning, scriptWarnings } from "./warnings.ts";
