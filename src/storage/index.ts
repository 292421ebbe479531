export {
  type AnswerClaim,
  type AnswerName,
  type AnswerStore,
  createAnswerStore,
  type StoredAnswer,
} from "./answers.ts";
export { condition, isUnmet, type Statement, violatedColumns } from "./condition.ts";
export { createDb, type Db } from "./db.ts";
export { createKv, type Kv } from "./kv.ts";
export * as schema from "./schema.ts";
