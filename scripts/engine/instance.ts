import { IMPORT_NAMES } from "./names.ts";

const MEMORY = { initial: 96, maximum: 600 };
const PAGE = 65_536;
/** The C stack that the engine allows itself, as in src/runtime. */
const ENGINE_STACK = 131_072;
const FILE = "probe";

type HostFunction = (...args: readonly number[]) => number;

/** An instance of the built engine without the product around it: for the build's own checks and for measuring. */
export interface BareEngine {
  readonly memory: WebAssembly.Memory;
  readonly call: (name: string, ...args: readonly number[]) => number;
  readonly global: (name: string) => WebAssembly.Global;
  /** A global as an unsigned number. */
  readonly number: (name: string) => number;
  readonly word: (at: number) => number;
}

export const compileEngine = (bytes: Uint8Array): WebAssembly.Module => {
  const module: unknown = Reflect.construct(WebAssembly.Module, [bytes]);
  if (!(module instanceof WebAssembly.Module)) throw new Error("the engine does not compile");
  return module;
};

/** On a memory that grows as it is asked to. What is imported answers 0, but for what `host` names. */
export const bareEngine = (
  module: WebAssembly.Module,
  host: Readonly<Record<string, HostFunction>> = {},
): BareEngine => {
  const memory = new WebAssembly.Memory(MEMORY);
  const mirror = new WebAssembly.Memory({ initial: 1 });
  const grow: HostFunction = (bytes = 0) => {
    const missing = Math.ceil((bytes >>> 0) / PAGE) - memory.buffer.byteLength / PAGE;
    if (missing > 0) memory.grow(missing);
    return 1;
  };
  const silent = [...IMPORT_NAMES.values()].map((name) => [name, () => 0] as const);
  const { exports } = new WebAssembly.Instance(module, {
    host: { ...Object.fromEntries(silent), resize_heap: grow, ...host, memory, mirror },
  });
  const global = (name: string): WebAssembly.Global => {
    const value = exports[name];
    if (!(value instanceof WebAssembly.Global)) throw new Error(`the engine has no global ${name}`);
    return value;
  };
  return {
    memory,
    call: (name, ...args) => {
      const callee = exports[name];
      if (typeof callee !== "function") throw new Error(`the engine has no export ${name}`);
      return Number(Reflect.apply(callee, undefined, args));
    },
    global,
    number: (name) => Number(global(name).value) >>> 0,
    word: (at) => new DataView(memory.buffer).getUint32(at, true),
  };
};

/** A context in which scripts run, with their jobs, and what they may use. */
export interface BareContext {
  readonly runtime: number;
  /** Runs a script to its end; throws when it throws. */
  readonly evaluate: (source: string) => void;
}

export const bareContext = ({ memory, call, global }: BareEngine, fuel: bigint): BareContext => {
  global("fuel").value = fuel;
  call("initialize");
  const runtime = call("new_runtime");
  call("set_max_stack_size", runtime, ENGINE_STACK);
  const context = call("new_context", runtime, 0);
  const text = (source: string) => {
    const bytes = new TextEncoder().encode(source);
    const at = call("malloc", bytes.length + 1);
    new Uint8Array(memory.buffer).set(bytes, at);
    new Uint8Array(memory.buffer)[at + bytes.length] = 0;
    return { at, length: bytes.length };
  };
  const file = text(FILE).at;
  const jobContext = call("malloc", 4);
  return {
    runtime,
    evaluate: (source) => {
      const code = text(source);
      const value = call("evaluate", context, code.at, code.length, file, 0, 0);
      const error = call("resolve_exception", context, value);
      if (error !== 0) throw new Error(`a script failed: ${source.slice(0, 60)}`);
      call("free_value", context, value);
      call("free", code.at);
      while (call("is_job_pending", runtime) > 0) {
        call("free_value", context, call("execute_pending_job", runtime, -1, jobContext));
      }
    },
  };
};
