import type { Ending, Outcome } from "./outcome.ts";
import type { Run, RunRequest } from "./run.ts";
import { runSession } from "./session.ts";

export interface RuntimeDeps {
  /** `build/engine.wasm`, compiled. */
  readonly module: WebAssembly.Module;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A bug of the host, or of a host call, that no outcome may show: for the operator's log. */
  readonly onFault?: (error: unknown) => void;
}

export interface Runtime {
  /** Begins a run. Never throws; neither promise rejects. */
  readonly run: (request: RunRequest) => Run;
}

/** The outcome of a run that never began. */
const notRun = (ending: Ending): Outcome => ({
  ...ending,
  cpuMs: 0,
  fuel: 0,
  wallMs: 0,
  peakMemoryBytes: 0,
  hostCalls: 0,
  suspensions: 0,
  logs: [],
  logsDropped: 0,
});

export const createRuntime = (deps: RuntimeDeps): Runtime => {
  const onFault = deps.onFault ?? (() => undefined);
  return {
    run: (request) => {
      const answer = Promise.withResolvers<Outcome>();
      const end = runSession(
        request,
        { module: deps.module, now: deps.now, mayGrow: () => undefined, onFault },
        answer.resolve,
      ).catch((error: unknown) => {
        onFault(error);
        return notRun({ kind: "unavailable", reason: "full", retryAfterSeconds: 1 });
      });
      void end.then(answer.resolve);
      return { answer: answer.promise, end };
    },
  };
};
