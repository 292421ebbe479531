declare module "*.wasm" {
  const module: WebAssembly.Module;
  // eslint-disable-next-line import/no-default-export -- how the platform gives a compiled module
  export default module;
}
