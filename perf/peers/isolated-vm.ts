import ivm from "isolated-vm";
import { utf8 } from "../../src/lib/bytes.ts";
import { GLUE, ranOf, TIMER_GLUE } from "./glue.ts";
import { servePeer } from "./measure-peer.ts";

const MEMORY_MB = 10;
const CALL = "return respond($0.deref(), $1, $2)";
const LATER = "globalThis.later = () => $0.apply(undefined, [], { result: { promise: true } })";

const snapshot = ivm.Isolate.createSnapshot([{ code: GLUE }]);
const snapshotWithTimer = ivm.Isolate.createSnapshot([{ code: GLUE + TIMER_GLUE }]);
const later = new ivm.Reference(() => new Promise((resolve) => setImmediate(resolve)));
const noImports = (): never => {
  throw new Error("the scenarios' scripts import nothing");
};

/**
 * A fresh V8 isolate from a snapshot that has the glue. All is done synchronously but for the last call, which ends
 * with the script's promise: measured, that is faster than the asynchronous way, which changes threads for each step.
 */
servePeer(async (source, hit, timer) => {
  const isolate = new ivm.Isolate({
    snapshot: timer ? snapshotWithTimer : snapshot,
    memoryLimit: MEMORY_MB,
  });
  const context = isolate.createContextSync();
  if (timer) context.evalClosureSync(LATER, [later]);
  const module = isolate.compileModuleSync(source);
  module.instantiateSync(context, noImports);
  module.evaluateSync();
  const handler = module.namespace.getSync("default", { reference: true });
  const body = typeof hit.body === "string" ? hit.body : new ivm.ExternalCopy(hit.body).copyInto();
  const answer: unknown = await context.evalClosure(CALL, [handler, hit.head, body], {
    result: { promise: true, copy: true },
  });
  const head: unknown = Reflect.get(Object(answer), "head");
  const told: unknown = Reflect.get(Object(answer), "body");
  const bytes = told instanceof ArrayBuffer ? new Uint8Array(told) : utf8(String(told));
  return { ran: ranOf(String(head), bytes), dispose: () => isolate.dispose() };
});
