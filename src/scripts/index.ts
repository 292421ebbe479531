/** Scripts of users: what they are compiled to, and how one answers a hit. */
export type { Handler, Program, ScriptFacts, ScriptFault, ScriptForm, ScriptLanguage } from "./compiled.ts";
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
