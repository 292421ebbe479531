import { base64, concat, hex, utf8 } from "../../lib/bytes.ts";
import { LOOKED_FOR_BYTES } from "../limits.ts";

/** In characters: of a secret of many lines, each such line is looked for too. */
const SHORTEST_LINE = 16;

/** The frame of a key in PEM (RFC 7468), which every other key has as well. */
const PEM_FRAME = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/;

/** Where in base64 the first character stands that bytes behind 0, 1 or 2 others decide alone: it has six bits of them. */
export const FIRST_WHOLE = [0, 2, 3];

/** What the bytes are in base64, whatever stands before and behind them: in each of three alignments, without what others decide too. */
export const base64Forms = (bytes: Uint8Array): readonly string[] =>
  FIRST_WHOLE.map((first, before) =>
    base64(concat([new Uint8Array(before), bytes])).slice(
      first,
      Math.floor(((before + bytes.length) * 8) / 6),
    ),
  );

const urlSafe = (form: string): string => form.replaceAll("+", "-").replaceAll("/", "_");

/** Line ends and spaces around a secret come from a file or a form, and others leave them out. */
const withoutMargin = (value: string): string => {
  const trimmed = value.trim();
  return utf8(trimmed).length < LOOKED_FOR_BYTES ? value : trimmed;
};

/** A key is often pasted with other line ends, or indented. */
const linesOf = (value: string): readonly string[] =>
  value
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && line !== value && !PEM_FRAME.test(line));

/** Whether it is long enough to be told from what stands anywhere. */
export const isLookedFor = (secret: string): boolean =>
  utf8(withoutMargin(secret)).length >= LOOKED_FOR_BYTES;

/**
 * The bytes to look for: the secret as it is, in base64 and base64url, in hexadecimal of either case, and its lines.
 * Percent-encoded and JSON-escaped forms are none of these: there the input is decoded instead. None for a short secret.
 */
export const secretForms = (secret: string): readonly Uint8Array[] => {
  if (!isLookedFor(secret)) return [];
  const value = withoutMargin(secret);
  const bytes = utf8(value);
  const standard = base64Forms(bytes);
  const hexadecimal = hex(bytes);
  const forms = new Set([
    ...standard,
    ...standard.map(urlSafe),
    hexadecimal,
    hexadecimal.toUpperCase(),
    ...linesOf(value),
  ]);
  return [bytes, ...[...forms].map(utf8)];
};
