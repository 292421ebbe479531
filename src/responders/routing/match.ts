import { decodeRestSegment, decodeSegment, parsePattern, splitPath } from "./pattern.ts";
import type { Pattern } from "./pattern.ts";
import type { RoutedResponder } from "./routes.ts";

export type Params = Readonly<Record<string, string>>;

export type Match =
  | { readonly kind: "matched"; readonly responder: RoutedResponder; readonly params: Params }
  /** The path is known, but not with this method. `allow` is sorted. */
  | { readonly kind: "method-not-allowed"; readonly allow: readonly string[] }
  | { readonly kind: "unmatched" };

interface Target {
  readonly responder: RoutedResponder;
  /** Parameter names belong to the responder, not to the node: `/a/:x` and `/a/:y` share one. */
  readonly names: readonly string[];
}

interface Node {
  readonly literals: Map<string, Node>;
  param: Node | undefined;
  /** By method. */
  readonly here: Map<string, Target>;
  readonly rest: Map<string, Target>;
}

/** All routes of an account, one trie a label (`""` is none). */
export type RouteIndex = ReadonlyMap<string, Node>;

const newNode = (): Node => ({ literals: new Map(), param: undefined, here: new Map(), rest: new Map() });

const insert = (root: Node, pattern: Pattern, responder: RoutedResponder): void => {
  const target: Target = {
    responder,
    names: pattern.segments.flatMap((segment) => (segment.kind === "literal" ? [] : [segment.name])),
  };
  let node = root;
  let targets: Map<string, Target> | undefined;
  for (const segment of pattern.segments) {
    if (segment.kind === "rest") {
      targets = node.rest;
    } else if (segment.kind === "param") {
      node.param ??= newNode();
      node = node.param;
    } else {
      const next = node.literals.get(segment.text) ?? newNode();
      node.literals.set(segment.text, next);
      node = next;
    }
  }
  targets ??= node.here;
  for (const method of responder.methods) targets.set(method, target);
};

/** Disabled responders are left out: they keep their route, but are not matched. */
export const indexRoutes = (responders: readonly RoutedResponder[]): RouteIndex => {
  const index = new Map<string, Node>();
  for (const responder of responders) {
    if (!responder.enabled) continue;
    const parsed = parsePattern(responder.path);
    if (parsed.kind === "fault") continue;
    const label = responder.label ?? "";
    const root = index.get(label) ?? newNode();
    index.set(label, root);
    insert(root, parsed.pattern, responder);
  }
  return index;
};

/** Of the way, not of the resource: they are no script's to answer, and TRACE gives headers back to whoever asks. */
const NEVER_ANSWERED: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);
/** What `ANY` is called in `Allow`. */
const COMMON_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;

const targetFor = (targets: ReadonlyMap<string, Target>, method: string): Target | undefined => {
  if (NEVER_ANSWERED.has(method)) return undefined;
  return targets.get(method) ?? (method === "HEAD" ? targets.get("GET") : undefined) ?? targets.get("ANY");
};

const allowed = (methods: ReadonlySet<string>): readonly string[] =>
  [...new Set([...methods].flatMap((method) => (method === "ANY" ? COMMON_METHODS : [method])))].toSorted();

/** What one walk gathers. `visited` counts nodes, so that a test can hold the cost. */
export interface Walk {
  visited: number;
}

/**
 * The most specific path that has the method: literal before `:name` before rest, segment by segment, going back where
 * a branch ends without one. A node is visited at most once, so a walk never costs more than the trie has nodes.
 */
export const findRoute = (
  index: RouteIndex,
  label: string | null,
  path: string,
  method: string,
  walk: Walk = { visited: 0 },
): Match => {
  const root = index.get(label ?? "");
  if (root === undefined) return { kind: "unmatched" };
  const raws = splitPath(path);
  const texts = raws.map(decodeSegment);
  const captured: string[] = [];
  const others = new Set<string>();

  const settle = (targets: ReadonlyMap<string, Target>): Target | undefined => {
    const target = targetFor(targets, method);
    if (target === undefined) for (const other of targets.keys()) others.add(other);
    return target;
  };

  const descend = (node: Node, at: number): Target | undefined => {
    walk.visited += 1;
    const text = texts[at];
    if (text === undefined) return settle(node.here);
    const literal = node.literals.get(text);
    let found = literal === undefined ? undefined : descend(literal, at + 1);
    if (found !== undefined) return found;
    // An empty segment is a trailing slash, which is significant: no parameter takes it.
    if (node.param !== undefined && text !== "") {
      captured.push(text);
      found = descend(node.param, at + 1);
      if (found !== undefined) return found;
      captured.pop();
    }
    found = settle(node.rest);
    if (found !== undefined) captured.push(raws.slice(at).map(decodeRestSegment).join("/"));
    return found;
  };

  const target = descend(root, 0);
  if (target !== undefined) {
    const params = Object.fromEntries(target.names.map((name, place) => [name, captured[place] ?? ""]));
    return { kind: "matched", responder: target.responder, params };
  }
  return others.size === 0 ? { kind: "unmatched" } : { kind: "method-not-allowed", allow: allowed(others) };
};
