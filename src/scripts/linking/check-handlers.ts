import { type Handler, HANDLERS, type Place, type ScriptFault } from "../compiled.ts";
import type { Exports } from "./exports.ts";
import { faultIn, inFile, type GraphModule } from "./graph.ts";

const BOTH = "`default` is `onRequest` by another name: export one of the two";
const NONE = "The module exports none of `default`, `onRequest` and `onResponse`";
const UPSTREAM_ONLY =
  "`onResponse` alone needs an upstream, which this responder does not have: export `default` to answer requests";

const START: Place = { line: 1, column: 1 };

/** What a module exports of the three, its own or another script's. */
export const handlersOf = (module: GraphModule, exports: Exports): readonly Handler[] =>
  HANDLERS.filter((handler) => typeof exports.resolve(module, handler) === "object");

/** Why a responder cannot use what is exported. */
export const checkHandlers = (
  { file, unit }: GraphModule,
  handlers: readonly Handler[],
  hasUpstream: boolean,
): readonly ScriptFault[] => {
  if (unit.module === null) return [];
  const { exports, stars } = unit.module;
  const placeOf = (handler: Handler): Place =>
    exports.find(({ name }) => name === handler) ?? stars[0] ?? START;
  const faults = unit.handlerFaults.map((fault) => inFile(file, fault));
  if (handlers.length === 0)
    faults.push(faultIn(file, exports[0] ?? stars[0] ?? unit.imports[0] ?? START, NONE));
  if (handlers.includes("default") && handlers.includes("onRequest")) {
    const [one, other] = [placeOf("default"), placeOf("onRequest")];
    const isLater = one.line > other.line || (one.line === other.line && one.column > other.column);
    faults.push(faultIn(file, isLater ? one : other, BOTH));
  }
  if (handlers.length === 1 && handlers[0] === "onResponse" && !hasUpstream) {
    faults.push(faultIn(file, null, UPSTREAM_ONLY));
  }
  return faults;
};
