export { type ApiEvent, type HookEvent, type JobEvent, logError, logEvent, type WideEvent } from "./log.ts";
