import { readExports } from "./engine-exports.ts";
import { type EngineHooks, engineImports } from "./engine-imports.ts";
import { STACK_TOP } from "./engine-layout.ts";
import { createTexts, made } from "./engine-texts.ts";
import { SETUP_FUEL } from "./fuel.ts";
import { EngineFault } from "./stop-run.ts";

/** A pointer to a value of the guest. Whoever gets one frees it, but for the arguments of a host call. */
export type Value = number;

/** How a piece of guest code ended; both values belong to the caller. */
export type Completion =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Value };

export type SourceKind = "script" | "module";

/** One instance of the engine with one context. It knows no runs: whose memory it works on is the machine's affair. */
export interface Engine {
  /** On the memory of an image: where its context is. */
  readonly adopt: (anchors: EngineAnchors) => void;
  /** On the memory of a new instance. */
  readonly makeContext: () => EngineAnchors;
  /** The highest heap break since it was set, kept by the engine's own code outside of its memory. */
  readonly heapTop: () => number;
  readonly setHeapTop: (address: number) => void;
  readonly stackIsEmpty: () => boolean;
  /** Forgets what a trap has left on the C stack. */
  readonly emptyStack: () => void;
  /** Compares blocks at two addresses, of the memory and of its mirror; see `mirror.ts`. */
  readonly diffBlocks: (at: number, mirrorAt: number, blocks: number, listAt: number) => number;
  /** Units left; below 0 the engine has stopped for good. */
  readonly fuel: () => number;
  readonly setFuel: (units: number) => void;
  /** A module is compiled and registered under its file's name, not run. */
  readonly evaluate: (source: string, file: string, kind: SourceKind) => Completion;
  readonly call: (callee: Value, args: readonly Value[]) => Completion;
  /** Runs what promises and microtasks have queued. */
  readonly runJobs: () => Completion | undefined;
  readonly hostFunction: (name: string) => Value;
  readonly typeOf: (value: Value) => TypeName;
  readonly number: (value: Value) => number;
  readonly property: (object: Value, key: string) => Value;
  /** The text up to its first NUL; lone surrogates come as several U+FFFD (see `border-values.ts`). */
  readonly string: (value: Value) => string;
  readonly bytes: (value: Value) => Uint8Array<ArrayBuffer>;
  readonly byteLength: (value: Value) => number;
  readonly newNumber: (value: number) => Value;
  /** Text without NUL and without lone surrogates. */
  readonly newString: (text: string) => Value;
  readonly newBytes: (bytes: Uint8Array) => Value;
  /** Constants: never freed. */
  readonly undefined: Value;
  readonly true: Value;
  readonly false: Value;
  /** What a host call returns to throw `error`, which stays the caller's. */
  readonly throwing: (error: Value) => Value;
  readonly argument: (argumentsAt: number, index: number) => Value;
  readonly free: (value: Value) => void;
}

/**
 * The C stack that the engine allows itself. More than 160 KiB, and V8's own stack may overflow first (measured);
 * both are `exceeded stack`, but this way it is mostly an error that the guest can read.
 */
export const STACK_BYTES = 128 * 1024;

const VALUE_BYTES = 8;
const POINTER_BYTES = 4;
const MAX_ARGUMENTS = 8;
const EVAL_FLAGS: Readonly<Record<SourceKind, number>> = { script: 0, module: 1 | 32 };

const TYPES = ["undefined", "object", "string", "symbol", "boolean", "bigint", "number", "function"] as const;
/** `typeof` of a value of the guest's. */
export type TypeName = (typeof TYPES)[number];

const isI64 = (value: unknown): value is bigint => typeof value === "bigint";

/** Where an engine's own things lie in its memory: the same in every instance, as each begins alike. */
export interface EngineAnchors {
  readonly runtime: number;
  readonly context: number;
  readonly argumentsAt: number;
}

export const createEngine = (
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  mirror: WebAssembly.Memory,
  hooks: EngineHooks,
): Engine => {
  const imports = engineImports(memory, mirror, hooks);
  const wasm = readExports(new WebAssembly.Instance(module, imports).exports);
  wasm.fuel.value = BigInt(SETUP_FUEL);
  wasm.initialize();

  const { view, copyIn, withCString, cString } = createTexts(wasm, memory);

  let runtime = 0;
  let context = 0;
  let argumentsAt = 0;
  const adopt = (anchors: EngineAnchors): void => {
    ({ runtime, context, argumentsAt } = anchors);
  };
  const makeContext = (): EngineAnchors => {
    runtime = made(wasm.newRuntime());
    wasm.setMaxStackSize(runtime, STACK_BYTES);
    wasm.enableInterrupts(runtime);
    context = made(wasm.newContext(runtime, 0));
    argumentsAt = made(wasm.malloc(MAX_ARGUMENTS * POINTER_BYTES));
    return { runtime, context, argumentsAt };
  };
  const undefinedValue = wasm.getUndefined();

  const completed = (value: Value): Completion => {
    const error = wasm.resolveException(context, made(value));
    if (error === 0) return { ok: true, value };
    wasm.freeValue(context, value);
    return { ok: false, error };
  };
  /** For values that only memory can keep from being made. */
  const wanted = (value: Value): Value => {
    const completion = completed(value);
    if (!completion.ok) throw new EngineFault("the engine is out of memory");
    return completion.value;
  };
  /** Two letters tell the types apart. */
  const typeOf = (value: Value): TypeName => {
    const at = made(wasm.typeOf(context, value));
    const [first, second] = [view()[at], view()[at + 1]];
    wasm.free(at);
    const found = TYPES.find((name) => name.charCodeAt(0) === first && name.charCodeAt(1) === second);
    if (found === undefined) throw new EngineFault("a value without a type");
    return found;
  };

  return {
    makeContext,
    adopt,
    heapTop: () => Number(wasm.heapTop.value) >>> 0,
    setHeapTop: (top) => {
      wasm.heapTop.value = top;
    },
    stackIsEmpty: () => wasm.stackPointer.value === STACK_TOP,
    emptyStack: () => {
      wasm.stackPointer.value = STACK_TOP;
    },
    diffBlocks: wasm.diffBlocks,
    fuel: () => {
      const left: unknown = wasm.fuel.value;
      return isI64(left) ? Number(left) : -1;
    },
    setFuel: (units) => {
      wasm.fuel.value = BigInt(units);
    },
    evaluate: (source, file, kind) =>
      withCString(file, (fileAt) =>
        withCString(source, (at, length) =>
          completed(wasm.evaluate(context, at, length, fileAt, 0, EVAL_FLAGS[kind])),
        ),
      ),
    call: (callee, args) => {
      const pointers = new DataView(memory.buffer);
      for (const [index, value] of args.entries()) {
        pointers.setUint32(argumentsAt + POINTER_BYTES * index, value, true);
      }
      return completed(wasm.call(context, callee, undefinedValue, args.length, argumentsAt));
    },
    runJobs: () => {
      while (wasm.isJobPending(runtime) > 0) {
        const result = made(wasm.executePendingJob(runtime, -1, argumentsAt));
        if (typeOf(result) !== "number") return { ok: false, error: result };
        wasm.freeValue(context, result);
      }
      return undefined;
    },
    hostFunction: (name) => withCString(name, (at) => wanted(wasm.newFunction(context, at, 2, 0, 1))),
    typeOf,
    number: (value) => wasm.getFloat64(context, value),
    property: (object, key) => {
      const name = withCString(key, (at) => wanted(wasm.newString(context, at)));
      const value = wanted(wasm.getProperty(context, object, name));
      wasm.freeValue(context, name);
      return value;
    },
    string: (value) => {
      const at = made(wasm.getString(context, value));
      const text = cString(at);
      wasm.freeCString(context, at);
      return text;
    },
    byteLength: (value) => {
      const length = wasm.getArrayBufferLength(context, value) >>> 0;
      // A forged length must not make the host gather more than there is.
      if (length > memory.buffer.byteLength) throw new EngineFault("bytes beyond the memory's end");
      return length;
    },
    bytes: (value) => {
      const length = wasm.getArrayBufferLength(context, value) >>> 0;
      if (length === 0) return new Uint8Array(0);
      // The engine gives a copy of its own, which the caller frees.
      const at = made(wasm.getArrayBuffer(context, value));
      const source = view();
      if (at + length > source.length) throw new EngineFault("bytes beyond the memory's end");
      const bytes = source.slice(at, at + length);
      wasm.free(at);
      return bytes;
    },
    newNumber: (value) => made(wasm.newFloat64(context, value)),
    newString: (text) => withCString(text, (at) => wanted(wasm.newString(context, at))),
    newBytes: (bytes) => wanted(wasm.newArrayBuffer(context, copyIn(bytes, false), bytes.length)),
    undefined: undefinedValue,
    true: wasm.getTrue(),
    false: wasm.getFalse(),
    throwing: (error) => made(wasm.throwValue(context, error)),
    argument: (at, index) => (at >>> 0) + VALUE_BYTES * index,
    free: (value) => {
      if (value !== undefinedValue) wasm.freeValue(context, value);
    },
  };
};
