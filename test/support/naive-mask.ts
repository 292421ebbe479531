import { fromUtf8, utf8 } from "../../src/lib/bytes.ts";

/** A byte of a view of the input, and which of the input's bytes it is made of. */
interface Seen {
  readonly byte: number;
  readonly start: number;
  readonly end: number;
}

const asIs = (bytes: Uint8Array): readonly Seen[] =>
  [...bytes].map((byte, at) => ({ byte, start: at, end: at + 1 }));

/** The input with each match of `escape` replaced by what it means. */
const viewed = (
  bytes: Uint8Array,
  escape: RegExp,
  meaning: (match: string) => Uint8Array,
): readonly Seen[] => {
  const binary = String.fromCharCode(...bytes);
  const seen: Seen[] = [];
  let at = 0;
  for (const match of binary.matchAll(escape)) {
    seen.push(...asIs(bytes).slice(at, match.index));
    at = match.index + match[0].length;
    for (const byte of meaning(match[0])) seen.push({ byte, start: match.index, end: at });
  }
  return [...seen, ...asIs(bytes).slice(at)];
};

const views = (bytes: Uint8Array, plusIsSpace: boolean): readonly (readonly Seen[])[] => [
  asIs(bytes),
  viewed(bytes, /%[0-9a-f]{2}/gi, (match) => Uint8Array.of(Number.parseInt(match.slice(1), 16))),
  ...(plusIsSpace
    ? [
        viewed(bytes, /%[0-9a-f]{2}|\+/gi, (match) =>
          Uint8Array.of(match === "+" ? 32 : Number.parseInt(match.slice(1), 16)),
        ),
      ]
    : []),
  viewed(
    bytes,
    /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/g,
    (match) => utf8(String(JSON.parse(`"${match}"`))),
  ),
];

/** What is masked, by the rules as they are written and without any structure. `forms` in the order of names. */
export const maskNaively = (
  forms: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  bytes: Uint8Array,
  plusIsSpace: boolean,
): string => {
  const found: { start: number; end: number; name: string; length: number; rank: number }[] = [];
  for (const view of views(bytes, plusIsSpace)) {
    for (const [rank, { name, bytes: form }] of forms.entries()) {
      for (let at = 0; at + form.length <= view.length; at += 1) {
        if (!form.every((byte, index) => view[at + index]?.byte === byte)) continue;
        const start = view[at]?.start ?? 0;
        const end = view[at + form.length - 1]?.end ?? 0;
        found.push({ start, end, name, length: end - start, rank });
      }
    }
  }
  found.sort((left, right) => left.start - right.start || right.end - left.end);
  const merged: typeof found = [];
  for (const next of found) {
    const last = merged.at(-1);
    if (last === undefined || last.end < next.start) {
      merged.push({ ...next });
      continue;
    }
    last.end = Math.max(last.end, next.end);
    if (next.length > last.length || (next.length === last.length && next.rank < last.rank)) {
      Object.assign(last, { name: next.name, length: next.length, rank: next.rank });
    }
  }
  let text = "";
  let at = 0;
  for (const { start, end, name } of merged) {
    text += `${fromUtf8(bytes.slice(at, start))}[secret ${name}]`;
    at = end;
  }
  return text + fromUtf8(bytes.slice(at));
};
