import type { Match } from "../../src/responders/routing/match.ts";
import type { RoutedResponder } from "../../src/responders/routing/routes.ts";

interface Fit {
  readonly responder: RoutedResponder;
  /** One digit a segment: 0 literal, 1 parameter, 2 rest. Sorts as specificity does. */
  readonly rank: string;
  readonly params: Readonly<Record<string, string>>;
}

/** The pattern against the whole path, by the rules as they are written, without any structure. */
const fit = (responder: RoutedResponder, path: string): Fit | undefined => {
  const wanted = responder.path.slice(1).split("/");
  const given = path.slice(1).split("/").map(decodeURIComponent);
  let rank = "";
  const params: Record<string, string> = {};
  for (const [place, piece] of wanted.entries()) {
    const text = given[place];
    if (text === undefined) return undefined;
    if (piece === "*" || piece.endsWith("*")) {
      params[piece === "*" ? "*" : piece.slice(1, -1)] = given.slice(place).join("/");
      return { responder, rank: `${rank}2`, params };
    }
    if (piece.startsWith(":")) {
      if (text === "") return undefined;
      params[piece.slice(1)] = text;
      rank += "1";
    } else {
      if (text !== piece) return undefined;
      rank += "0";
    }
  }
  return given.length === wanted.length ? { responder, rank, params } : undefined;
};

export const matchNaively = (responders: readonly RoutedResponder[], method: string, path: string): Match => {
  const fits = responders
    .filter((responder) => responder.enabled)
    .flatMap((responder) => fit(responder, path) ?? [])
    .toSorted((left, right) => left.rank.localeCompare(right.rank));
  const order = method === "HEAD" ? ["HEAD", "GET", "ANY"] : [method, "ANY"];
  for (const rank of new Set(fits.map((each) => each.rank))) {
    for (const name of order) {
      const found = fits.find((each) => each.rank === rank && each.responder.methods.includes(name));
      if (found !== undefined) return { kind: "matched", responder: found.responder, params: found.params };
    }
  }
  if (fits.length === 0) return { kind: "unmatched" };
  return {
    kind: "method-not-allowed",
    allow: [...new Set(fits.flatMap((each) => each.responder.methods))].toSorted(),
  };
};
