/**
 * Lines for the reader. Only letters, digits and quiet punctuation stay: an interactive zsh runs a pasted `#` line as a
 * command, where a quote would swallow what follows and `$(…)` be run; bash expands `!` even there.
 */
export const commentLines = (mark: "#" | "//", notes: readonly string[]): string =>
  notes.map((note) => `${mark} ${note.replaceAll(/[^\w .,:/+-]/g, "_")}\n`).join("");
