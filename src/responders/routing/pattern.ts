/** A path pattern's pieces. A literal's text is decoded; the rest takes every remaining segment, at least one. */
export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "rest"; readonly name: string };

export interface Pattern {
  readonly path: string;
  readonly segments: readonly Segment[];
  /** The pattern without parameter names: two paths of one shape take the same requests. */
  readonly shape: string;
}

export type ParsedPattern =
  | { readonly kind: "pattern"; readonly pattern: Pattern }
  | { readonly kind: "fault"; readonly message: string };

export const MAX_PATH_LENGTH = 1_024;
/** The name of a bare `*`. */
export const REST = "*";

/** Decoded once. What does not decode stands as it is: `/100%` is a path too. */
export const decodeSegment = (raw: string): string => {
  if (!raw.includes("%")) return raw;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
};

/** A segment of a rest: an encoded slash stays encoded, so that every slash in the rest is one that separates. */
export const decodeRestSegment = (raw: string): string =>
  /%2f/i.test(raw) ? raw.split(/%2f/i).map(decodeSegment).join("%2F") : decodeSegment(raw);

/** The raw segments of a path: `/a/` is `a` and an empty one, `/` one empty one. */
export const splitPath = (path: string): readonly string[] =>
  (path.startsWith("/") ? path.slice(1) : path).split("/");

const parseSegment = (raw: string, last: boolean): Segment | string => {
  if (raw === "") return last ? { kind: "literal", text: "" } : "A path has no empty segments (`//`).";
  if (raw === "*") {
    return last ? { kind: "rest", name: REST } : "`*` takes the rest of the path, so it stands at the end.";
  }
  if (raw.startsWith(":")) return parseParam(raw, last);
  if (raw.includes("*"))
    return "`*` stands alone in its segment, at the end (`*` or `:name*`); as a character write `%2A`.";
  const text = decodeSegment(raw);
  if (text === "." || text === "..") return "A path has no dot segments (`.` and `..`).";
  // eslint-disable-next-line no-control-regex -- naming the control characters is the point
  if (/[\0-\x1f\x7f\\]/.test(text)) return "A path has no control characters and no backslash.";
  return { kind: "literal", text };
};

const parseParam = (raw: string, last: boolean): Segment | string => {
  const [, name, star] = /^:([A-Za-z_][A-Za-z0-9_]*)(\*?)$/.exec(raw) ?? [];
  if (name === undefined)
    return `\`${raw}\` is no parameter: write \`:name\` with letters, digits and \`_\`.`;
  if (star !== "*") return { kind: "param", name };
  return last ? { kind: "rest", name } : `\`${raw}\` takes the rest of the path, so it stands at the end.`;
};

const shapeOf = (segments: readonly Segment[]): string =>
  segments
    .map((segment) => {
      if (segment.kind === "param") return "/:";
      if (segment.kind === "rest") return "/:*";
      return `/${encodeURIComponent(segment.text)}`;
    })
    .join("");

const fault = (message: string): ParsedPattern => ({ kind: "fault", message });

/** Reads a path of a definition, such as `/github/:repo` or `/files/*`, and says what is wrong with it. */
export const parsePattern = (path: string): ParsedPattern => {
  if (!path.startsWith("/")) return fault("A path begins with `/`.");
  if (path.length > MAX_PATH_LENGTH) return fault(`A path has at most ${MAX_PATH_LENGTH} characters.`);
  if (/[?#]/.test(path))
    return fault("A path has no query and no fragment (`?`, `#`): only the path is matched.");
  // A lone surrogate has no UTF-8, so no request could ever ask for it.
  if (/\s/u.test(path) || !path.isWellFormed())
    return fault("A path has no white space; a space is written `%20`.");
  const raws = splitPath(path);
  const segments: Segment[] = [];
  const names = new Set<string>();
  for (const [index, raw] of raws.entries()) {
    const segment = parseSegment(raw, index === raws.length - 1);
    if (typeof segment === "string") return fault(segment);
    if (segment.kind !== "literal") {
      if (names.has(segment.name)) return fault(`The parameter \`${segment.name}\` is there twice.`);
      names.add(segment.name);
    }
    segments.push(segment);
  }
  return { kind: "pattern", pattern: { path, segments, shape: shapeOf(segments) } };
};
