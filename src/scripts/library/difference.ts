/** What changed from one text to another. */
export interface Difference {
  /** A unified diff; empty when nothing changed. */
  readonly patch: string;
  readonly added: number;
  readonly removed: number;
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Finding the shortest way costs the square of its length: beyond this many lines, the whole is replaced. */
const MOST_EDITS = 1_000;
const UNENDED = "\\ No newline at end of file";

const linesOf = (text: string): readonly string[] => {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
};

/** Every line of the one removed, every line of the other added. */
const replacement = (from: string, to: string) => {
  const side = (sign: string, text: string): readonly string[] => [
    ...linesOf(text).map((line) => sign + line),
    ...(text === "" || text.endsWith("\n") ? [] : [UNENDED]),
  ];
  return {
    oldStart: 1,
    oldLines: linesOf(from).length,
    newStart: 1,
    newLines: linesOf(to).length,
    lines: [...side("-", from), ...side("+", to)],
  };
};

/** Its cost is bounded, whatever the texts are. */
export const differenceOf = async (from: NamedText, to: NamedText): Promise<Difference> => {
  if (from.text === to.text) return { patch: "", added: 0, removed: 0 };
  // Loaded when first asked for: no hit needs it.
  const { FILE_HEADERS_ONLY, formatPatch, structuredPatch } = await import("diff");
  const found = structuredPatch(from.name, to.name, from.text, to.text, undefined, undefined, {
    context: 3,
    maxEditLength: MOST_EDITS,
  });
  const patch = found ?? {
    oldFileName: from.name,
    newFileName: to.name,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [replacement(from.text, to.text)],
  };
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    patch: formatPatch(patch, FILE_HEADERS_ONLY),
    added: lines.filter((line) => line.startsWith("+")).length,
    removed: lines.filter((line) => line.startsWith("-")).length,
  };
};
