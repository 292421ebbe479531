export {
  type ApiEvent,
  type HookEvent,
  type JobEvent,
  logError,
  logEvent,
  logWarning,
  type WideEvent,
} from "./log.ts";
