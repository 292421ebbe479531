import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findRoute, indexRoutes } from "../../../src/responders/routing/match.ts";
import type { Match } from "../../../src/responders/routing/match.ts";
import type { RoutedResponder } from "../../../src/responders/routing/routes.ts";
import { matchNaively } from "../../support/naive-match.ts";
import { routed } from "../../support/routed.ts";

const matchOf = (
  responders: readonly RoutedResponder[],
  method: string,
  path: string,
  label: string | null = null,
): Match => findRoute(indexRoutes(responders), label, path, method);
const idOf = (match: Match): string => (match.kind === "matched" ? match.responder.id : match.kind);

const paramsOf = (pattern: string, path: string): unknown => {
  const match = matchOf([routed(pattern)], "GET", path);
  return match.kind === "matched" ? match.params : match.kind;
};

const visits = (count: number, path: string): number => {
  const many = Array.from({ length: count }, (_, place) => routed(`/hooks/service-${place}/:id/done`));
  const walk = { visited: 0 };
  findRoute(indexRoutes([...many, routed("/hooks/:any/*")]), null, path, "POST", walk);
  return walk.visited;
};

describe("the route of a request", () => {
  it("is the literal before the parameter before the rest, segment by segment", () => {
    const responders = [routed("/a/b"), routed("/a/:x"), routed("/a/*"), routed("/:x/b"), routed("/*")];
    expect(idOf(matchOf(responders, "GET", "/a/b"))).toBe("/a/b");
    expect(idOf(matchOf(responders, "GET", "/a/c"))).toBe("/a/:x");
    expect(idOf(matchOf(responders, "GET", "/a/c/d"))).toBe("/a/*");
    expect(idOf(matchOf(responders, "GET", "/c/b"))).toBe("/:x/b");
    expect(idOf(matchOf(responders, "GET", "/c/d"))).toBe("/*");
    expect(idOf(matchOf(responders, "GET", "/"))).toBe("/*");
  });

  it("goes back when the more specific branch ends", () => {
    const responders = [routed("/a/b/c"), routed("/a/:x/d"), routed("/:y/b/e")];
    expect(idOf(matchOf(responders, "GET", "/a/b/d"))).toBe("/a/:x/d");
    const match = matchOf(responders, "GET", "/a/b/e");
    expect(idOf(match)).toBe("/:y/b/e");
    expect(match.kind === "matched" && match.params).toEqual({ y: "a" });
  });

  it("is the most specific path that has the method", () => {
    const responders = [routed("/a/b", ["POST"]), routed("/a/:x", ["GET"])];
    expect(idOf(matchOf(responders, "GET", "/a/b"))).toBe("/a/:x");
    expect(idOf(matchOf(responders, "POST", "/a/b"))).toBe("/a/b");
  });

  it("prefers the named method, then GET for HEAD, then ANY", () => {
    const any = routed("/a", ["ANY"], { id: "any" });
    const get = routed("/a", ["GET"], { id: "get" });
    const head = routed("/a", ["HEAD"], { id: "head" });
    expect(idOf(matchOf([any, get, head], "HEAD", "/a"))).toBe("head");
    expect(idOf(matchOf([any, get], "HEAD", "/a"))).toBe("get");
    expect(idOf(matchOf([any], "HEAD", "/a"))).toBe("any");
    expect(idOf(matchOf([any, get], "PUT", "/a"))).toBe("any");
  });

  it("takes HEAD by GET even where a less specific path names HEAD", () => {
    const responders = [routed("/a", ["GET"]), routed("/:x", ["HEAD"])];
    expect(idOf(matchOf(responders, "HEAD", "/a"))).toBe("/a");
  });

  it("says which methods there are when none takes this one", () => {
    const responders = [routed("/a", ["PUT", "GET"]), routed("/:x", ["DELETE"]), routed("/b", ["PATCH"])];
    expect(matchOf(responders, "POST", "/a")).toEqual({
      kind: "method-not-allowed",
      allow: ["DELETE", "GET", "PUT"],
    });
    expect(matchOf(responders, "POST", "/a/b")).toEqual({ kind: "unmatched" });
  });

  it("answers no TRACE, not even for ANY, and spells ANY out in Allow", () => {
    const index = indexRoutes([routed("/a", ["ANY"])]);
    for (const method of ["TRACE", "TRACK", "CONNECT"]) {
      expect(findRoute(index, null, "/a", method)).toEqual({
        kind: "method-not-allowed",
        allow: ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
      });
    }
  });

  it("leaves disabled responders out, in Allow too", () => {
    const responders = [routed("/a", ["GET"], { enabled: false }), routed("/a", ["PUT"])];
    expect(matchOf(responders, "GET", "/a")).toEqual({ kind: "method-not-allowed", allow: ["PUT"] });
  });

  it("is found under its own label only", () => {
    const responders = [routed("/a"), routed("/a", ["ANY"], { id: "staging", label: "staging" })];
    expect(idOf(matchOf(responders, "GET", "/a"))).toBe("/a");
    expect(idOf(matchOf(responders, "GET", "/a", "staging"))).toBe("staging");
    expect(idOf(matchOf(responders, "GET", "/a", "other"))).toBe("unmatched");
  });

  it("counts a trailing slash, except at the root", () => {
    expect(idOf(matchOf([routed("/a")], "GET", "/a/"))).toBe("unmatched");
    expect(idOf(matchOf([routed("/a/")], "GET", "/a"))).toBe("unmatched");
    expect(idOf(matchOf([routed("/:x")], "GET", "/"))).toBe("unmatched");
    expect(idOf(matchOf([routed("/")], "GET", ""))).toBe("/");
    expect(idOf(matchOf([routed("/")], "GET", "/"))).toBe("/");
  });

  it("takes an empty rest after the slash, and none without it", () => {
    const match = matchOf([routed("/files/*")], "GET", "/files/");
    expect(match.kind === "matched" && match.params).toEqual({ "*": "" });
    expect(idOf(matchOf([routed("/files/*")], "GET", "/files"))).toBe("unmatched");
  });

  it("does not take empty segments for parameters", () => {
    expect(idOf(matchOf([routed("/:x/b")], "GET", "//b"))).toBe("unmatched");
    const match = matchOf([routed("/*")], "GET", "//b");
    expect(match.kind === "matched" && match.params).toEqual({ "*": "/b" });
  });

  it("decodes once, segment by segment", () => {
    expect(paramsOf("/:x", "/caf%C3%A9")).toEqual({ x: "café" });
    expect(paramsOf("/:x", "/%2541")).toEqual({ x: "%41" });
    expect(paramsOf("/:x", "/a%2Fb")).toEqual({ x: "a/b" });
    expect(paramsOf("/a/b", "/a%2Fb")).toBe("unmatched");
    expect(paramsOf("/:x", "/%zz")).toEqual({ x: "%zz" });
    expect(paramsOf("/:x", "/%ff")).toEqual({ x: "%ff" });
    expect(paramsOf("/caf%C3%A9", "/caf%c3%a9")).toEqual({});
    expect(paramsOf("/A", "/a")).toBe("unmatched");
  });

  it("gives the rest decoded, with its own slashes, an encoded one as it is", () => {
    const match = matchOf([routed("/:a/:rest*")], "GET", "/x/a%20b/c%2fd/");
    expect(match.kind === "matched" && match.params).toEqual({ a: "x", rest: "a b/c%2Fd/" });
  });

  it("names each responder's own parameters on a shared node", () => {
    const responders = [routed("/:repo", ["GET"]), routed("/:name", ["PUT"])];
    const params = (method: string): unknown => {
      const match = matchOf(responders, method, "/x");
      return match.kind === "matched" && match.params;
    };
    expect(params("GET")).toEqual({ repo: "x" });
    expect(params("PUT")).toEqual({ name: "x" });
  });

  it("is not led astray by names of the language's own", () => {
    expect(idOf(matchOf([routed("/a")], "GET", "/constructor"))).toBe("unmatched");
    const match = matchOf([routed("/:__proto__")], "GET", "/x");
    expect(match.kind === "matched" && Object.entries(match.params)).toEqual([["__proto__", "x"]]);
  });

  it("costs the same among a thousand responders as among ten", () => {
    for (const path of ["/hooks/service-7/x/done", "/hooks/none/x/done", "/hooks", "/else"]) {
      expect(visits(1_000, path)).toBe(visits(10, path));
    }
  });
});

describe("the compiled routes", () => {
  const segment = fc.constantFrom("a", "b", "%61", ":x", ":y", "");
  const pattern = fc
    .tuple(
      fc.array(fc.constantFrom("a", "b", ":x", ":y"), { maxLength: 4 }),
      fc.constantFrom("", "/", "/*", "/:rest*"),
    )
    .map(([parts, end]) => {
      const named = parts.map((part, place) => (part.startsWith(":") ? `:p${place}` : part));
      return `/${named.join("/")}${named.length === 0 ? end.slice(1) : end}`;
    });
  const methods = fc.constantFrom(["GET"], ["POST"], ["ANY"], ["GET", "PUT"], ["HEAD"]);

  it("find what a plain scan by specificity finds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(pattern, methods, fc.boolean()), { maxLength: 12 }),
        fc.array(segment, { maxLength: 6 }),
        fc.constantFrom("GET", "HEAD", "POST", "DELETE"),
        (definitions, parts, method) => {
          const taken = new Set<string>();
          const responders = definitions.flatMap(([path, named, enabled], place) => {
            const shape = path.replaceAll(/:\w+\*/g, "*").replaceAll(/:\w+/g, ":");
            const free = named.filter((name) => !taken.has(`${shape} ${name}`));
            for (const name of free) taken.add(`${shape} ${name}`);
            return free.length === 0 ? [] : [routed(path, free, { id: String(place), enabled })];
          });
          const path = `/${parts.join("/")}`;
          expect(matchOf(responders, method, path)).toEqual(matchNaively(responders, method, path));
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
