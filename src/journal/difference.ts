import type { HeaderPairs } from "../lib/headers.ts";
import { shownBody, textOfBody } from "../responders/index.ts";

/** A request or an answer, to be compared. */
export interface Compared {
  readonly status?: number;
  readonly method?: string;
  readonly url?: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array | null;
}

/** An answer, to be compared. */
export interface ComparedAnswer extends Compared {
  readonly status: number;
}

/** One place where two of them differ. A side that has nothing there is left out. */
export interface Difference {
  /** A JSON Pointer (RFC 6901) into `{ status, headers, body }`, or of requests `{ method, url, headers, body }`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Differences {
  readonly items: readonly Difference[];
  /** How many more there are. */
  readonly more: number;
}

/** Deeper ones are compared as texts: who walks them needs a stack as deep as they are. */
const MOST_DEPTH = 100;
/** Longer values are shown by their beginning, as JSON. */
const MOST_SHOWN = 16 * 1024;
/** What is compared besides headers and body. */
const FACTS = ["status", "method", "url"] as const;

const escapeToken = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** A pointer is empty (the whole answer), or each of its parts begins with a slash and escapes with `~0` and `~1`. */
export const isPointer = (text: string): boolean => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);

const isAt = (pointer: string, path: string): boolean => path === pointer || path.startsWith(`${pointer}/`);

/** How deep the brackets of a JSON text go, in one pass, whatever the text; strings are skipped. */
const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let place = 0; place < text.length; place += 1) {
    const character = text[place];
    if (inString && character === "\\") place += 1;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === "[" || character === "{") deepest = Math.max(deepest, (depth += 1));
    else if (character === "]" || character === "}") depth -= 1;
  }
  return deepest;
};

type Json = { readonly kind: "json"; readonly value: unknown } | { readonly kind: "bytes" };

const jsonOf = ({ body, headers }: Compared): Json => {
  const text = body === null || body.length === 0 ? undefined : textOfBody(body, headers);
  if (text === undefined || !/^\s*[[{]/.test(text) || depthOf(text) > MOST_DEPTH) return { kind: "bytes" };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "bytes" };
  }
};

const shown = (value: unknown): unknown => {
  const text = JSON.stringify(value);
  return text.length <= MOST_SHOWN ? value : { cut: true, beginning: text.slice(0, MOST_SHOWN) };
};

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

/** What is there under a name; two values that have nothing there are alike. */
type Side = { readonly has: false } | { readonly has: true; readonly value: unknown };

const NOTHING: Side = { has: false };

const sideOf = (value: unknown): Side => (value === undefined ? NOTHING : { has: true, value });

const childOf = (side: Side, name: string): Side =>
  side.has && isBranch(side.value) && Object.hasOwn(side.value, name)
    ? { has: true, value: Reflect.get(side.value, name) }
    : NOTHING;

const namesOf = (one: object, other: object): ReadonlySet<string> =>
  new Set([...Object.keys(one), ...Object.keys(other)]);

const areAlike = (one: unknown, other: unknown): boolean =>
  isBranch(one) && isBranch(other) && Array.isArray(one) === Array.isArray(other);

type Found = (path: string, before: Side, after: Side) => void;

const compare = (path: string, before: Side, after: Side, found: Found): void => {
  if (before.has && after.has) {
    const { value: one } = before;
    const { value: other } = after;
    if (isBranch(one) && isBranch(other) && areAlike(one, other)) {
      for (const name of namesOf(one, other)) {
        compare(`${path}/${escapeToken(name)}`, childOf(before, name), childOf(after, name), found);
      }
      return;
    }
    if (one === other) return;
  }
  found(path, before, after);
};

/** By their names, whatever the order; the lines of `set-cookie` stay apart. */
const headersOf = (pairs: HeaderPairs): Readonly<Record<string, unknown>> => {
  const lines = Map.groupBy(pairs, ([name]) => name.toLowerCase());
  return Object.fromEntries(
    [...lines].map(([name, all]) => {
      const values = all.map(([, value]) => value);
      return [name, name === "set-cookie" ? values : values.join(", ")];
    }),
  );
};

const sameBytes = (one: Uint8Array | null, other: Uint8Array | null): boolean => {
  const left = one ?? new Uint8Array(0);
  const right = other ?? new Uint8Array(0);
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
};

const compareBodies = (before: Compared, after: Compared, found: Found): void => {
  if (sameBytes(before.body, after.body)) return;
  const one = jsonOf(before);
  const other = jsonOf(after);
  if (one.kind === "json" && other.kind === "json") {
    compare("/body", { has: true, value: one.value }, { has: true, value: other.value }, found);
    return;
  }
  const bodySide = ({ body, headers }: Compared): Side => ({
    has: true,
    value: body === null || body.length === 0 ? null : shownBody(body, headers),
  });
  found("/body", bodySide(before), bodySide(after));
};

/**
 * Where one differs from another: the status, or method and URL, each header by its name, and the body, member by member if both are
 * JSON objects or arrays. What a pointer of `ignore` names, and all below it, is not looked at; at most `most` are given.
 */
export const differences = (
  before: Compared,
  after: Compared,
  ignore: readonly string[],
  most: number,
): Differences => {
  const items: Difference[] = [];
  let more = 0;
  const found: Found = (path, one, other) => {
    if (ignore.some((pointer) => isAt(pointer, path))) return;
    if (items.length >= most) {
      more += 1;
      return;
    }
    items.push({
      path,
      ...(one.has ? { before: shown(one.value) } : {}),
      ...(other.has ? { after: shown(other.value) } : {}),
    });
  };
  for (const fact of FACTS) {
    if (before[fact] !== after[fact]) found(`/${fact}`, sideOf(before[fact]), sideOf(after[fact]));
  }
  const head = ({ headers }: Compared): Side => ({ has: true, value: headersOf(headers) });
  compare("/headers", head(before), head(after), found);
  compareBodies(before, after, found);
  return { items, more };
};
