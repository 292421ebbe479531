import { type AnyNode, type Comment, parse } from "acorn";
import { ECMA_VERSION } from "./syntax.guest.ts";
import { walk } from "./walk.guest.ts";

/** Ends of lines that the engine counts in some places only (measured). */
const UNUSUAL = /\r(?!\n)|[\u2028\u2029]/g;

const countUnusual = (code: string, root: AnyNode): number => {
  /** Offsets of the ends that it passes by: CR in comments of several lines, LS and PS wherever they are no white space. */
  const passed = new Set<number>();
  const pass = (from: number, to: number, letters: RegExp): void => {
    for (const { index } of code.slice(from, to).matchAll(letters)) passed.add(from + index);
  };
  const comments: Comment[] = [];
  parse(code, { ecmaVersion: ECMA_VERSION, sourceType: "module", onComment: comments });
  for (const { type, start, end } of comments) {
    if (type === "Block") pass(start, end, UNUSUAL);
    else pass(start, end + 1, /[\u2028\u2029]/g);
  }
  walk(root, (node) => {
    if (node.type === "TemplateElement" || node.type === "Literal")
      pass(node.start, node.end, /[\u2028\u2029]/g);
  });
  return [...code.matchAll(UNUSUAL)].filter(({ index }) => !passed.has(index)).length;
};

/** How many lines of a module the engine counts. */
export const engineLines = (code: string, root: AnyNode): number => {
  let lines = 1;
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) lines += 1;
  return code.search(UNUSUAL) >= 0 ? lines + countUnusual(code, root) : lines;
};
