/** What is wrong with a source, at an offset of the text that was looked at. */
export interface Fault {
  readonly message: string;
  readonly at: number;
}

export const TOO_DEEP =
  "The script is too deeply nested to be compiled: move inner parts into functions or constants of their own";

/** The engine ran out of stack inside a parser that calls itself. */
export const isTooDeep = (error: unknown): boolean =>
  error instanceof Error && /stack.*(?:exceeded|overflow)|Not enough stack space/i.test(error.message);

const unexpected = (text: string, at: number): string => {
  const [word] = /^(?:[\p{ID_Continue}$#@]+|\S)/u.exec(text.slice(at, at + 40)) ?? [];
  if (word === undefined) return "Unexpected end of the script";
  if (word.startsWith("@")) return "Decorators are not supported";
  if (/^<[\w>]/.test(text.slice(at, at + 2))) return "Unexpected `<`: JSX is not supported";
  return `Unexpected \`${word}\``;
};

const LONGEST = 200;

/** Parsers quote what they refuse, however long it is. */
const shorten = (message: string): string =>
  message.length <= LONGEST ? message : `${message.slice(0, 120)}…${message.slice(-60)}`;

/** A parser's own error as a fault: acorn and sucrase both add `pos`, and end the message in `(LINE:COLUMN)`. */
export const readFault = (error: unknown, text: string): Fault | undefined => {
  if (!(error instanceof SyntaxError) || !("pos" in error) || typeof error.pos !== "number") return undefined;
  if (isTooDeep(error)) return { message: TOO_DEEP, at: error.pos };
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  const bare = message === "Unexpected token" || message.startsWith("Unexpected character");
  return { message: bare ? unexpected(text, error.pos) : shorten(message), at: error.pos };
};
