import type { AnyNode } from "acorn";
import { walk } from "./walk.guest.ts";

/** Ends of lines that count in a text only inside of literals (CR alone), or only outside (LS, PS). */
const UNUSUAL = /\r(?!\n)|[\u2028\u2029]/g;

/** How many lines of a text the engine counts: LF ends one anywhere. In comments of several lines it counts fewer. */
export const engineLines = (code: string, root: AnyNode): number => {
  let lines = 1;
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) lines += 1;
  const unusual = [...code.matchAll(UNUSUAL)];
  if (unusual.length === 0) return lines;
  const inLiterals = new Set<number>();
  walk(root, (node) => {
    const text = node.type === "TemplateElement" || (node.type === "Literal" && typeof node.value === "string");
    if (!text) return;
    for (const { index } of code.slice(node.start, node.end).matchAll(UNUSUAL)) inLiterals.add(node.start + index);
  });
  return lines + unusual.filter(({ 0: end, index }) => (end === "\r") === inLiterals.has(index)).length;
};
