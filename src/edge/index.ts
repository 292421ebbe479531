/** A hit comes in, a response goes out. */
export { type EdgeDeps, handle } from "./handle.ts";
