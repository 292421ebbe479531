/** A function of the engine. Pointers and sizes are numbers; nobody may use what a function without a result gives. */
type Call = (...args: readonly number[]) => number;

/** The engine's exports, by the names of scripts/engine/names.ts, each checked to be there. */
export interface EngineExports {
  readonly initialize: Call;
  readonly malloc: Call;
  readonly free: Call;
  readonly throwValue: Call;
  readonly setMaxStackSize: Call;
  readonly getUndefined: Call;
  readonly getFalse: Call;
  readonly getTrue: Call;
  readonly newRuntime: Call;
  readonly newContext: Call;
  readonly freeValue: Call;
  readonly freeCString: Call;
  readonly newArrayBuffer: Call;
  readonly newFloat64: Call;
  readonly getFloat64: Call;
  readonly newString: Call;
  readonly getString: Call;
  readonly getArrayBuffer: Call;
  readonly getArrayBufferLength: Call;
  readonly isJobPending: Call;
  readonly executePendingJob: Call;
  readonly getProperty: Call;
  readonly call: Call;
  readonly resolveException: Call;
  readonly evaluate: Call;
  readonly typeOf: Call;
  readonly newFunction: Call;
  readonly enableInterrupts: Call;
  readonly diffBlocks: Call;
  readonly fuel: WebAssembly.Global;
  readonly heapTop: WebAssembly.Global;
  readonly stackPointer: WebAssembly.Global;
}

const isCall = (value: unknown): value is Call => typeof value === "function";

const missing = (name: string): never => {
  throw new Error(`the engine has no export "${name}": build it again with \`node scripts/build-engine.ts\``);
};

export const readExports = (exports: WebAssembly.Exports): EngineExports => {
  const functionOf = (name: string): Call => {
    const value = exports[name];
    return isCall(value) ? value : missing(name);
  };
  const globalOf = (name: string): WebAssembly.Global => {
    const value = exports[name];
    return value instanceof WebAssembly.Global ? value : missing(name);
  };
  return {
    initialize: functionOf("initialize"),
    malloc: functionOf("malloc"),
    free: functionOf("free"),
    throwValue: functionOf("throw_value"),
    setMaxStackSize: functionOf("set_max_stack_size"),
    getUndefined: functionOf("get_undefined"),
    getFalse: functionOf("get_false"),
    getTrue: functionOf("get_true"),
    newRuntime: functionOf("new_runtime"),
    newContext: functionOf("new_context"),
    freeValue: functionOf("free_value"),
    freeCString: functionOf("free_c_string"),
    newArrayBuffer: functionOf("new_array_buffer"),
    newFloat64: functionOf("new_float64"),
    getFloat64: functionOf("get_float64"),
    newString: functionOf("new_string"),
    getString: functionOf("get_string"),
    getArrayBuffer: functionOf("get_array_buffer"),
    getArrayBufferLength: functionOf("get_array_buffer_length"),
    isJobPending: functionOf("is_job_pending"),
    executePendingJob: functionOf("execute_pending_job"),
    getProperty: functionOf("get_property"),
    call: functionOf("call"),
    resolveException: functionOf("resolve_exception"),
    evaluate: functionOf("evaluate"),
    typeOf: functionOf("type_of"),
    newFunction: functionOf("new_function"),
    enableInterrupts: functionOf("enable_interrupts"),
    diffBlocks: functionOf("diff_blocks"),
    fuel: globalOf("fuel"),
    heapTop: globalOf("heap_top"),
    stackPointer: globalOf("stack_pointer"),
  };
};
