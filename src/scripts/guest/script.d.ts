/** The user's module, as the engine links it. */
declare module "script" {
  const nothing: undefined;
  export { nothing };
}
