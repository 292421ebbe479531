import { initParser, state } from "sucrase/dist/esm/parser/traverser/base.js";
import { parseFile } from "sucrase/dist/esm/parser/traverser/index.js";
import type { File } from "sucrase/dist/types/parser/index";
import { type Fault, readFault } from "./fault.guest.ts";

export type ParsedTypeScript =
  | { readonly kind: "parsed"; readonly file: File }
  | { readonly kind: "refused"; readonly fault: Fault };

/** Sucrase's parser of TypeScript without JSX, as its own `parse` begins it. */
const begin = (source: string): void => initParser(source, false, true, false);

/** The parser keeps its last tokens, some 200 bytes each, which the next parser needs the heap for. */
export const forgetTypeScript = (): void => begin("");

const positionOf = (error: Error | null): number =>
  error !== null && "pos" in error && typeof error.pos === "number" ? error.pos : -1;

/** Notes the error of every way that the parser tries, also of those that it takes back. */
const farthestError = (source: string): unknown => {
  let current: Error | null = null;
  let farthest: Error | null = null;
  begin(source);
  Object.defineProperty(state, "error", {
    get: () => current,
    set: (error: Error | null) => {
      current = error;
      if (positionOf(error) > positionOf(farthest)) farthest = error;
    },
  });
  parseFile();
  return farthest;
};

/**
 * A mistake inside of a typed arrow function makes sucrase go back and say that there can be no arrow, so a second
 * pass looks for the error that stands farthest on: the way that went farthest is the one that was meant.
 */
export const parseTypeScript = (source: string): ParsedTypeScript => {
  begin(source);
  const file = parseFile();
  if (state.error === null) return { kind: "parsed", file };
  const fault = readFault(farthestError(source), source) ?? readFault(state.error, source);
  return { kind: "refused", fault: fault ?? { message: "This is not TypeScript", at: 0 } };
};
