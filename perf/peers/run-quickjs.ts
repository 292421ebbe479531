import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from "quickjs-emscripten";
import { utf8 } from "../../src/lib/bytes.ts";
import { GLUE, type GlueHit, ranOf, TIMER_GLUE } from "./glue.ts";
import type { PeerRun } from "./measure-peer.ts";

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const defineLater = (context: QuickJSContext): void => {
  const begin = (): QuickJSHandle => {
    const promise = context.newPromise();
    const end = async (): Promise<void> => {
      await nextTurn();
      promise.resolve();
      context.runtime.executePendingJobs();
    };
    void end();
    return promise.handle;
  };
  const later = context.newFunction("later", begin);
  context.setProp(context.global, "later", later);
  later.dispose();
};

/** What a promise of the guest came to; waits for as many turns as it takes. */
const settled = async (context: QuickJSContext, promise: QuickJSHandle): Promise<QuickJSHandle> => {
  for (;;) {
    context.runtime.executePendingJobs();
    const state = context.getPromiseState(promise);
    if (state.type === "fulfilled") return state.value;
    if (state.type === "rejected") throw new Error(JSON.stringify(context.dump(state.error)));
    await nextTurn();
  }
};

const bytesOf = (context: QuickJSContext, body: QuickJSHandle): Uint8Array => {
  if (context.typeof(body) === "string") return utf8(context.getString(body));
  const held = context.getArrayBuffer(body);
  const bytes = held.value.slice();
  held.dispose();
  return bytes;
};

/** One run in a runtime and a context of its own, on a given module of the stock engine. */
export const runOnQuickJs = async (
  quickjs: QuickJSWASMModule,
  source: string,
  hit: GlueHit,
  timer: boolean,
): Promise<PeerRun> => {
  const runtime = quickjs.newRuntime();
  const context = runtime.newContext();
  const handles: QuickJSHandle[] = [];
  const keep = (handle: QuickJSHandle): QuickJSHandle => {
    handles.push(handle);
    return handle;
  };
  if (timer) defineLater(context);
  keep(context.unwrapResult(context.evalCode(timer ? GLUE + TIMER_GLUE : GLUE)));
  const module = keep(context.unwrapResult(context.evalCode(source, "script.js", { type: "module" })));
  const handler = keep(context.getProp(module, "default"));
  const respond = keep(context.getProp(context.global, "respond"));
  const body = typeof hit.body === "string" ? context.newString(hit.body) : context.newArrayBuffer(hit.body);
  const args = [handler, keep(context.newString(hit.head)), keep(body)];
  const promise = keep(context.unwrapResult(context.callFunction(respond, context.undefined, ...args)));
  const answer = keep(await settled(context, promise));
  const head = context.getString(keep(context.getProp(answer, "head")));
  const ran = ranOf(head, bytesOf(context, keep(context.getProp(answer, "body"))));
  return {
    ran,
    dispose: () => {
      for (const handle of handles) handle.dispose();
      context.dispose();
      runtime.dispose();
    },
  };
};
