/**
 * What is used of packages that only `npm run perf` installs, so that types are checked without them.
 * Sources: their own declarations, at the versions in `package.json` beside this.
 */
declare module "quickjs-emscripten" {
  export interface QuickJSHandle {
    dispose(): void;
  }
  interface Failure {
    readonly error: QuickJSHandle;
    readonly value?: undefined;
  }
  interface Success {
    readonly value: QuickJSHandle;
    readonly error?: undefined;
  }
  export interface QuickJSRuntime {
    newContext(): QuickJSContext;
    executePendingJobs(): unknown;
    dispose(): void;
  }
  export interface QuickJSDeferredPromise {
    readonly handle: QuickJSHandle;
    resolve(): void;
  }
  export type PromiseState =
    | { readonly type: "pending" }
    | { readonly type: "fulfilled"; readonly value: QuickJSHandle }
    | { readonly type: "rejected"; readonly error: QuickJSHandle };
  export interface QuickJSContext {
    readonly runtime: QuickJSRuntime;
    readonly global: QuickJSHandle;
    readonly undefined: QuickJSHandle;
    evalCode(
      code: string,
      file?: string,
      options?: { readonly type: "module" | "global" },
    ): Failure | Success;
    unwrapResult(result: Failure | Success): QuickJSHandle;
    callFunction(callee: QuickJSHandle, self: QuickJSHandle, ...args: QuickJSHandle[]): Failure | Success;
    newFunction(name: string, call: () => QuickJSHandle): QuickJSHandle;
    newPromise(): QuickJSDeferredPromise;
    newString(text: string): QuickJSHandle;
    newArrayBuffer(bytes: ArrayBuffer): QuickJSHandle;
    getArrayBuffer(handle: QuickJSHandle): { readonly value: Uint8Array; dispose(): void };
    getProp(object: QuickJSHandle, name: string): QuickJSHandle;
    setProp(object: QuickJSHandle, name: string, value: QuickJSHandle): void;
    getString(handle: QuickJSHandle): string;
    getPromiseState(handle: QuickJSHandle): PromiseState;
    typeof(handle: QuickJSHandle): string;
    dump(handle: QuickJSHandle): unknown;
    dispose(): void;
  }
  export interface QuickJSWASMModule {
    newRuntime(): QuickJSRuntime;
  }
  export type Variant = Readonly<Record<string, unknown>>;
  export const RELEASE_SYNC: Variant;
  export function newVariant(base: Variant, changes: { readonly wasmModule: WebAssembly.Module }): Variant;
  export function getQuickJS(): Promise<QuickJSWASMModule>;
  export function newQuickJSWASMModule(variant: Variant): Promise<QuickJSWASMModule>;
}

declare module "isolated-vm" {
  interface Reference {
    applySync(self: undefined, args: readonly unknown[], options?: object): unknown;
    apply(self: undefined, args: readonly unknown[], options?: object): Promise<unknown>;
    setSync(name: string, value: unknown): void;
    getSync(name: string, options?: object): unknown;
    readonly derefInto: () => unknown;
  }
  interface Module {
    instantiateSync(context: Context, resolve: () => never): void;
    evaluateSync(): unknown;
    readonly namespace: Reference;
  }
  interface Context {
    readonly global: Reference;
    evalSync(code: string, options?: object): unknown;
    evalClosureSync(code: string, args: readonly unknown[], options?: object): unknown;
    evalClosure(code: string, args: readonly unknown[], options?: object): Promise<unknown>;
  }
  interface Isolate {
    createContextSync(): Context;
    compileModuleSync(code: string): Module;
    dispose(): void;
  }
  interface Ivm {
    readonly Isolate: {
      new (options: { readonly memoryLimit: number; readonly snapshot?: object }): Isolate;
      createSnapshot(scripts: readonly { readonly code: string }[]): object;
    };
    readonly ExternalCopy: new (value: unknown) => { copyInto(options?: object): unknown };
    readonly Reference: new (value: unknown) => object;
    readonly Callback: new (call: () => unknown, options?: object) => object;
  }
  const ivm: Ivm;
  export default ivm;
}
