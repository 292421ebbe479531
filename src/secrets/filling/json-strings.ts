const QUOTE = '"';

export interface JsonString {
  /** What stands between the quotes, as it is written. */
  readonly text: string;
  readonly isKey: boolean;
}

/** The strings of a text that is JSON, in their order. Each character is looked at once. */
export const jsonStrings = function* jsonStrings(json: string): Iterable<JsonString> {
  for (let start = json.indexOf(QUOTE); start !== -1;) {
    let end = start + 1;
    while (end < json.length && json[end] !== QUOTE) end += json[end] === "\\" ? 2 : 1;
    let next = end + 1;
    while (/[ \t\r\n]/.test(json.charAt(next))) next += 1;
    yield { text: json.slice(start + 1, end), isKey: json[next] === ":" };
    start = json.indexOf(QUOTE, end + 1);
  }
};
