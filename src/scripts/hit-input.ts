import type { ScriptInput } from "./execute.ts";

/** Nothing that a request line or a header can hold, but a trial's input is what somebody typed. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, " ");

/** The code of "0": its lower four bits are free for flags. */
const ZERO = 0x30;

const sixDigits = (count: number): string => String(count).padStart(6, "0");

/**
 * A hit as the drivers read it (guest/hit.guest.ts): one text, of which they cut out what a script looks at. As one
 * JSON text, parsing it took a third of what a small script took in all.
 *
 * - one character, "0" and what adds up: 1 for a known address, 2 for a query, 4 for headers that repeat, 8 for state;
 *   then the lengths of the next three parts, in six digits each;
 * - ten lines: method, URL, path, query, id, body size (-1 for none), ms of wall time, and in JSON parameters, client,
 *   responder; in a replay an eleventh, in JSON what it replays;
 * - the headers' names, one a line;
 * - where the value of each ends in the last part, as a JSON list;
 * - the values.
 */
export const hitInput = (input: ScriptInput, wallMs: number, hasState: boolean): string => {
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
    ...(input.replay === undefined ? [] : [JSON.stringify(input.replay)]),
  ].join("\n");
  const names = headers.map(([name]) => oneLine(name));
  const nameLines = names.join("\n");
  let end = 0;
  const ends = JSON.stringify(headers.map(([, value]) => (end += value.length)));
  const repeats = new Set(names).size < names.length;
  const flags =
    (client.ip === null ? 0 : 1) + (rawQuery === null ? 0 : 2) + (repeats ? 4 : 0) + (hasState ? 8 : 0);
  const flag = String.fromCharCode(ZERO + flags);
  const lengths = sixDigits(lines.length) + sixDigits(nameLines.length) + sixDigits(ends.length);
  return `${flag}${lengths}${lines}${nameLines}${ends}${headers.map(([, value]) => value).join("")}`;
};
