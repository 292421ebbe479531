import type { ScriptFault } from "./compiled.ts";

/** With the file and its place in front, as a stack names them: for faults of another source than the one at hand. */
export const faultText = (file: string, { message, line, column }: ScriptFault): string => {
  const place = line === null ? "" : `:${line}${column === null ? "" : `:${column}`}`;
  return `${file}${place}: ${message}`;
};
