// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const SHOWN_TO_TERMINALS = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/**
 * JSON without what acts on a terminal or reorders a line: what senders wrote is read with `curl`. `JSON.stringify`
 * escapes C0 alone; C1 (U+009B begins a control sequence) and bidirectional marks it leaves as they are. Outside of
 * strings JSON has none of them, so that the value stays the same.
 */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value).replaceAll(SHOWN_TO_TERMINALS, escaped);
