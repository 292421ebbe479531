import { charCode, holdInput, parseJson, sliceText, splitText } from "../../runtime/guest/index.guest.ts";
import type { Held, HitParts, HostHeaders } from "../../runtime/guest/index.guest.ts";

/**
 * The hit that this run is for, out of the text that the host hands to `start` (src/scripts/hit-input.ts writes it).
 * Nothing is read before a script looks: most look at little of it.
 */
const LINES_AT = 19;

let input = "";
let lines: readonly string[] | undefined;

export const receive = (text: string): void => {
  input = text;
};

const flag = (bit: number): boolean => (charCode(input, 0) & bit) !== 0;
export const hasAddress = (): boolean => flag(1);
export const hasQuery = (): boolean => flag(2);
/** Whether this run was granted the state of its responder. */
export const hasState = (): boolean => flag(8);

const lengthAt = (at: number): number => Number(sliceText(input, at, at + 6));

const line = (index: number): string => {
  lines ??= splitText(sliceText(input, LINES_AT, LINES_AT + lengthAt(1)), "\n");
  return lines[index] ?? "";
};

export const method = (): string => line(0);
/** Below the handle. */
export const path = (): string => line(2);
/** Without its `?`. */
export const query = (): string => line(3);
export const requestId = (): string => line(4);
export const wallMs = (): number => Number(line(6));
export const params = (): unknown => parseJson(line(7));
export const client = (): unknown => parseJson(line(8));
export const responder = (): unknown => parseJson(line(9));
/** The line is there only in a replay, or when secrets follow it. */
export const replay = (): unknown => (line(10) === "" ? undefined : parseJson(line(10)));

/** Whether this run may send requests. */
export const hasHttp = (): boolean => flag(32);

/** Whether there is an upstream that what is let go on goes to. */
export const hasUpstream = (): boolean => flag(128);
/** …and yet the default response is the answer of a script that gives none. */
export const answersItself = (): boolean => line(12) !== "";

/** Whether secrets were granted to this run. */
export const hasSecrets = (): boolean => flag(16);
/** What is granted, by name, and what each reads as: `{ names, texts, revealed }`. */
export const secrets = (): unknown => (hasSecrets() ? parseJson(line(11)) : undefined);

/** The sender's body, still on the host. */
export const body = (): Held | null => (line(5) === "-1" ? null : holdInput(0));

/** `url` as the sender used it. */
export const parts = (): HitParts => ({ method: line(0), url: line(1), held: body() });

// The host's own words: this side need not doubt them.
const isNumbers = (value: unknown): value is readonly number[] => typeof value === "object";

export const headers = (): HostHeaders => {
  const namesAt = LINES_AT + lengthAt(1);
  const endsAt = namesAt + lengthAt(7);
  const valuesAt = endsAt + lengthAt(13);
  const list: unknown = parseJson(sliceText(input, endsAt, valuesAt));
  const ends = isNumbers(list) ? list : [];
  return {
    names: ends.length === 0 ? [] : splitText(sliceText(input, namesAt, endsAt), "\n"),
    value: (index) => {
      const from = index === 0 ? 0 : (ends[index - 1] ?? 0);
      return sliceText(input, valuesAt + from, valuesAt + (ends[index] ?? 0));
    },
    repeats: flag(4),
  };
};
