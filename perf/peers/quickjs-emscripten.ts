import { getQuickJS } from "quickjs-emscripten";
import { servePeer } from "./measure-peer.ts";
import { runOnQuickJs } from "./run-quickjs.ts";

const quickjs = await getQuickJS();

/** Stock quickjs-emscripten: one module, and for each run a fresh runtime and context on it. */
servePeer((source, hit, timer) => runOnQuickJs(quickjs, source, hit, timer));
