export {
  type AnswerClaim,
  type AnswerName,
  type AnswerStore,
  createAnswerStore,
  type StoredAnswer,
} from "./answers.ts";
export { createDb, type Db, violatedColumns } from "./db.ts";
export { createKv, type Kv } from "./kv.ts";
export * as schema from "./schema.ts";
