import type { AnyNode, ModuleDeclaration, Statement } from "acorn";
import { type Anchors, lastUpTo, SAME, sourceOffsets } from "./source-offsets.guest.ts";

/**
 * The engine notes places only at expression statements, calls and throws: what fails in `return a.b` it reports where
 * the last of these stood, lines above. An expression statement before such a statement gives it a place of its own.
 */
const MARK = "0;";

/** Values that come to be without running anything of the script. */
const HARMLESS: ReadonlySet<AnyNode["type"]> = new Set<AnyNode["type"]>([
  "ArrowFunctionExpression",
  "FunctionExpression",
  "FunctionDeclaration",
  "Literal",
]);

/** Statements whose heads evaluate something. `throw`, calls and expression statements note their own place. */
const ALWAYS: ReadonlySet<AnyNode["type"]> = new Set<AnyNode["type"]>([
  "ClassDeclaration",
  "IfStatement",
  "WhileStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "SwitchStatement",
  "WithStatement",
]);

/** Whether something in the head of a statement may fail in a place that the engine does not note. */
const needsMark = (statement: Statement | ModuleDeclaration): boolean => {
  if (statement.type === "VariableDeclaration") {
    return statement.declarations.some(
      ({ id, init }) => init && !(id.type === "Identifier" && HARMLESS.has(init.type)),
    );
  }
  if (statement.type === "ReturnStatement") {
    return Boolean(statement.argument && !HARMLESS.has(statement.argument.type));
  }
  // Before the label: behind it, a `continue` would lose its loop.
  if (statement.type === "LabeledStatement") return needsMark(statement.body);
  if (statement.type === "ExportNamedDeclaration") {
    return Boolean(statement.declaration && needsMark(statement.declaration));
  }
  if (statement.type === "ExportDefaultDeclaration") return !HARMLESS.has(statement.declaration.type);
  return ALWAYS.has(statement.type);
};

const listOf = (node: AnyNode): readonly (Statement | ModuleDeclaration)[] => {
  if (node.type === "Program" || node.type === "BlockStatement" || node.type === "StaticBlock")
    return node.body;
  return node.type === "SwitchCase" ? node.consequent : [];
};

/** Adds the offsets before which a node wants marks: only in lists of statements, where one more changes nothing. */
export const noteMarks = (node: AnyNode, marks: number[]): void => {
  for (const statement of listOf(node)) if (needsMark(statement)) marks.push(statement.start);
};

/** From an offset in code to that in the same code with its marks: of what stands behind one, it is that of the statement. */
export const movedByMarks =
  (marks: readonly number[]) =>
  (offset: number): number =>
    offset + MARK.length * (lastUpTo(marks, offset) + 1);

export interface Marked {
  readonly code: string;
  readonly anchors: Anchors | null;
}

/** Puts in the marks, on the lines that are there, and tells where all of the code now stands. `marks` ascend. */
export const insertMarks = (code: string, given: Anchors | null, marks: readonly number[]): Marked => {
  if (marks.length === 0) return { code, anchors: given };
  const old = given ?? SAME;
  const toSource = sourceOffsets(given);
  const pieces: string[] = [];
  const anchors: { readonly code: number[]; readonly source: number[] } = { code: [], source: [] };
  const add = (at: number, source: number): void => {
    anchors.code.push(at);
    anchors.source.push(source);
  };
  let from = 0;
  let next = 0;
  let added = 0;
  const keepUntil = (end: number): void => {
    for (let at = old.code[next]; at !== undefined && at < end; at = old.code[next]) {
      add(at + added, old.source[next] ?? 0);
      next += 1;
    }
  };
  for (const mark of marks) {
    keepUntil(mark);
    // The mark itself stands where its statement does.
    const source = toSource(mark);
    add(mark + added, source);
    added += MARK.length;
    add(mark + added, source);
    while (old.code[next] === mark) next += 1;
    pieces.push(code.slice(from, mark), MARK);
    from = mark;
  }
  keepUntil(Infinity);
  pieces.push(code.slice(from));
  return { code: pieces.join(""), anchors };
};
