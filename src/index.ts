import engine from "../build/engine.wasm";
import { type App, createApp } from "./app.ts";
import { JournalObject } from "./journal/journal.do.ts";
import { parseConfig } from "./config.ts";
import { problemResponse } from "./lib/problem.ts";
import { newId } from "./lib/id.ts";
import { logError } from "./telemetry/index.ts";

export { ScriptState } from "./responders/state.do.ts";
export { Unmatched } from "./responders/unmatched.do.ts";

type Start =
  | { readonly kind: "ready"; readonly app: App }
  | { readonly kind: "misconfigured"; readonly problems: readonly string[] };

let started: Start | undefined;

/** Built by the first request of an isolate: there is no randomness, time or I/O before one. */
const start = (env: Env): Start => {
  const config = parseConfig(env);
  return "problems" in config
    ? { kind: "misconfigured", problems: config.problems }
    : { kind: "ready", app: createApp({ env, config, engine }) };
};

/** Nothing is served on settings that are wrong; the reason is for the operator alone. */
const misconfigured = (problems: readonly string[]): Response => {
  const requestId = newId("req", Date.now());
  logError(requestId, new Error(`The settings are wrong. ${problems.join(" ")}`));
  return problemResponse(
    {
      code: "misconfigured",
      title: "Not configured",
      status: 503,
      detail: "The operator finds the reason in the log.",
    },
    requestId,
  );
};

/** A journal, with the power to send notifications, which only the composition root has. */
export class Journal extends JournalObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, () => {
      started ??= start(env);
      return started.kind === "ready" ? started.app.notifier : undefined;
    });
  }
}

export default {
  fetch: (request, env, context) => {
    started ??= start(env);
    return started.kind === "ready" ? started.app.fetch(request, context) : misconfigured(started.problems);
  },
  scheduled: async (_controller, env) => {
    started ??= start(env);
    if (started.kind === "ready") await started.app.scheduled();
    else logError("scheduled", new Error(`The settings are wrong. ${started.problems.join(" ")}`));
  },
} satisfies ExportedHandler<Env>;
