import type { RunSecrets, ScriptInput } from "./execute.ts";

/** Nothing that a request line or a header can hold, but a trial's input is what somebody typed. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, " ");

/** The code of "@": its lower six bits and the one above it are free for flags. */
const NO_FLAGS = 0x40;

const sixDigits = (count: number): string => String(count).padStart(6, "0");

export interface HitPowers {
  readonly hasState: boolean;
  readonly hasHttp: boolean;
  readonly secrets: RunSecrets | undefined;
  /** `spy`: a script that gives no answer is answered for by the default response. */
  readonly upstream: "forward" | "spy" | undefined;
}

const secretsLine = (secrets: RunSecrets | undefined): string => {
  if (secrets === undefined) return "";
  const { names, texts, revealed } = secrets;
  return JSON.stringify({ names, texts, revealed });
};

const moreLines = (
  { replay }: ScriptInput,
  { secrets, upstream }: Pick<HitPowers, "secrets" | "upstream">,
): readonly string[] => {
  const lines = [
    replay === undefined ? "" : JSON.stringify(replay),
    secretsLine(secrets),
    upstream === "spy" ? upstream : "",
  ];
  while (lines.at(-1) === "") lines.pop();
  return lines;
};

/**
 * A hit as the drivers read it (guest/hit.guest.ts): one text, of which they cut out what a script looks at. As one
 * JSON text, parsing it took a third of what a small script took in all.
 *
 * - one character, "@" and what adds up: 1 for a known address, 2 for a query, 4 for headers that repeat, 8 for state,
 *   16 for secrets, 32 for requests of its own, 128 for an upstream; then the lengths of the next three parts, in six digits each;
 * - ten lines: method, URL, path, query, id, body size (-1 for none), ms of wall time, and in JSON parameters, client,
 *   responder; an eleventh, in a replay in JSON what it replays; a twelfth, in JSON what secrets read as; a thirteenth,
 *   "spy" where a script that gives no answer is answered for. Those at the end that would be empty are left out;
 * - the headers' names, one a line;
 * - where the value of each ends in the last part, as a JSON list;
 * - the values.
 */
export const hitInput = (input: ScriptInput, wallMs: number, powers: HitPowers): string => {
  const { hasState, hasHttp, secrets, upstream } = powers;
  const { body, client, headers, rawQuery } = input;
  const lines = [
    oneLine(input.method),
    oneLine(input.url),
    oneLine(input.path),
    oneLine(rawQuery ?? ""),
    input.requestId,
    body?.length ?? -1,
    wallMs,
    JSON.stringify(input.params),
    JSON.stringify(client),
    JSON.stringify(input.responder),
    ...moreLines(input, powers),
  ].join("\n");
  const names = headers.map(([name]) => oneLine(name));
  const nameLines = names.join("\n");
  let end = 0;
  const ends = JSON.stringify(headers.map(([, value]) => (end += value.length)));
  const repeats = new Set(names).size < names.length;
  const flags =
    (client.ip === null ? 0 : 1) +
    (rawQuery === null ? 0 : 2) +
    (repeats ? 4 : 0) +
    (hasState ? 8 : 0) +
    (secrets === undefined ? 0 : 16) +
    (hasHttp ? 32 : 0) +
    (upstream === undefined ? 0 : 128);
  const flag = String.fromCharCode(NO_FLAGS + flags);
  const lengths = sixDigits(lines.length) + sixDigits(nameLines.length) + sixDigits(ends.length);
  return `${flag}${lengths}${lines}${nameLines}${ends}${headers.map(([, value]) => value).join("")}`;
};
