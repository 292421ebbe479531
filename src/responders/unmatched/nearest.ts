import { decodeSegment, parsePattern, splitPath } from "../routing/pattern.ts";
import type { Segment } from "../routing/pattern.ts";
import type { RoutedResponder } from "../routing/routes.ts";
import type { NearReason, NearRoute } from "./unmatched-hit.ts";

/** The part of a hit that routes look at. */
export interface Asked {
  readonly method: string;
  readonly label: string | null;
  readonly path: string;
}

const SHOWN_ROUTES = 3;
/** More are not compared: this is a help, not an index. */
const COMPARED_ROUTES = 2_000;
const SHOWN_UNITS = 60;

interface Verdict {
  readonly reason: NearReason;
  readonly detail: string;
  /** Lower is nearer. */
  readonly distance: number;
}

const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN_UNITS ? `${text.slice(0, SHOWN_UNITS)}…` : text);

const fits = (segment: Segment, text: string): boolean =>
  segment.kind === "literal" ? segment.text === text : text !== "";

const matches = (segments: readonly Segment[], texts: readonly string[]): boolean => {
  const rest = segments.at(-1)?.kind === "rest";
  const fixed = rest ? segments.slice(0, -1) : segments;
  if (rest ? texts.length <= fixed.length : texts.length !== fixed.length) return false;
  return fixed.every((segment, at) => fits(segment, texts[at] ?? ""));
};

const lowered = (segment: Segment): Segment =>
  segment.kind === "literal" ? { kind: "literal", text: segment.text.toLowerCase() } : segment;

const withoutSlash = <Item>(
  items: readonly Item[],
  isEmpty: (item: Item | undefined) => boolean,
): readonly Item[] => (items.length > 1 && isEmpty(items.at(-1)) ? items.slice(0, -1) : items);

const isSlash = (segment: Segment | undefined): boolean => segment?.kind === "literal" && segment.text === "";

/** Why the path does not match; `undefined` when it does. */
const pathVerdict = (segments: readonly Segment[], texts: readonly string[]): Verdict | undefined => {
  if (matches(segments, texts)) return undefined;
  const bare = withoutSlash(texts, (text) => text === "");
  if (matches(withoutSlash(segments, isSlash), bare)) {
    const has = bare.length < texts.length;
    const detail = `The hit's path ${has ? "ends" : "does not end"} with a slash, the route's ${has ? "does not" : "does"}.`;
    return { reason: "trailing-slash", detail, distance: 1 };
  }
  if (
    matches(
      segments.map(lowered),
      texts.map((text) => text.toLowerCase()),
    )
  ) {
    return { reason: "case", detail: "The paths differ only in upper and lower case.", distance: 1 };
  }
  const fixed = segments.filter((segment) => segment.kind !== "rest");
  const at = fixed.findIndex((segment, place) => place < texts.length && !fits(segment, texts[place] ?? ""));
  if (at >= 0) {
    const segment = fixed[at];
    const wanted = segment?.kind === "literal" ? shown(segment.text) : "not empty";
    const detail = `Segment ${at + 1} is ${shown(texts[at] ?? "")} and should be ${wanted}.`;
    return {
      reason: "segment",
      detail,
      distance: 2 + fixed.length - at + Math.abs(fixed.length - texts.length),
    };
  }
  const rest = fixed.length < segments.length;
  const needed = rest ? `more than ${fixed.length}` : String(fixed.length);
  const detail = `The hit's path has ${texts.length} segments; the route's has ${needed}.`;
  return { reason: "length", detail, distance: 2 + Math.abs(fixed.length - texts.length) };
};

const takes = (methods: readonly string[], method: string): boolean =>
  methods.includes("ANY") || methods.includes(method) || (method === "HEAD" && methods.includes("GET"));

const labelOf = (label: string | null): string => (label === null ? "no label" : `the label ${shown(label)}`);

const verdictOf = (
  responder: RoutedResponder,
  texts: readonly string[],
  asked: Asked,
): Verdict | undefined => {
  const parsed = parsePattern(responder.path);
  if (parsed.kind === "fault") return undefined;
  const sameLabel = (responder.label ?? "") === (asked.label ?? "");
  const path = pathVerdict(parsed.pattern.segments, texts);
  const away = (sameLabel ? 0 : 1) + (takes(responder.methods, asked.method) ? 0 : 1);
  if (path !== undefined) return { ...path, distance: path.distance + away };
  if (!sameLabel) {
    const detail = `The hit came with ${labelOf(asked.label === "" ? null : asked.label)}; the route has ${labelOf(responder.label)}.`;
    return { reason: "label", detail, distance: away };
  }
  if (!takes(responder.methods, asked.method)) {
    const detail = `The hit's method is ${shown(asked.method)}; the route takes ${responder.methods.join(", ")}.`;
    return { reason: "method", detail, distance: away };
  }
  return { reason: "disabled", detail: "The responder is disabled.", distance: 0 };
};

/** The routes that came nearest to taking a hit, each with the first reason why it did not. */
export const nearestRoutes = (responders: readonly RoutedResponder[], asked: Asked): readonly NearRoute[] => {
  const texts = splitPath(asked.path).map(decodeSegment);
  return responders
    .slice(0, COMPARED_ROUTES)
    .flatMap((responder) => {
      const verdict = verdictOf(responder, texts, asked);
      return verdict === undefined ? [] : [{ responder, verdict }];
    })
    .toSorted((left, right) => left.verdict.distance - right.verdict.distance)
    .slice(0, SHOWN_ROUTES)
    .map(({ responder, verdict }) => ({
      responderId: responder.id,
      name: responder.name,
      label: responder.label,
      methods: responder.methods,
      path: responder.path,
      reason: verdict.reason,
      detail: verdict.detail,
    }));
};
