import { describe, expect, it } from "vitest";
import { parsePattern } from "../../../src/responders/routing/pattern.ts";

const shapeOf = (path: string): string => {
  const parsed = parsePattern(path);
  return parsed.kind === "pattern" ? parsed.pattern.shape : parsed.message;
};
const faultOf = (path: string): string | undefined => {
  const parsed = parsePattern(path);
  return parsed.kind === "fault" ? parsed.message : undefined;
};

describe("a path of a definition", () => {
  it("has a shape in which parameter names do not count", () => {
    expect(shapeOf("/github/:repo")).toBe(shapeOf("/github/:name"));
    expect(shapeOf("/files/*")).toBe(shapeOf("/files/:rest*"));
    expect(shapeOf("/github/:repo")).not.toBe(shapeOf("/github/:repo/"));
    expect(shapeOf("/github/:repo")).not.toBe(shapeOf("/github/repo"));
    expect(shapeOf("/a/*")).not.toBe(shapeOf("/a/:x"));
  });

  it("keeps a literal colon or star apart from a parameter or a rest", () => {
    expect(shapeOf("/%3A")).not.toBe(shapeOf("/:x"));
    expect(shapeOf("/%3A%2A")).not.toBe(shapeOf("/*"));
    expect(shapeOf("/v1/thing:run")).toBe("/v1/thing%3Arun");
  });

  it("reads two spellings of one literal as one shape", () => {
    expect(shapeOf("/caf%C3%A9")).toBe(shapeOf("/café"));
    expect(shapeOf("/100%")).toBe(shapeOf("/100%25"));
  });

  it("keeps an encoded slash inside its segment", () => {
    expect(shapeOf("/a%2Fb")).not.toBe(shapeOf("/a/b"));
  });

  it.each([
    ["", "begins with"],
    ["github", "begins with"],
    ["/a//b", "empty segments"],
    ["//", "empty segments"],
    ["/a/../b", "dot segments"],
    ["/a/%2e%2E", "dot segments"],
    ["/./a", "dot segments"],
    ["/a\\b", "backslash"],
    ["/a%5cb", "backslash"],
    ["/a%00", "control"],
    ["/a\u0000", "control"],
    ["/a?b=c", "query"],
    ["/a#b", "fragment"],
    ["/a b", "white space"],
    ["/\ud800", "white space"],
    ["/*/a", "at the end"],
    ["/:rest*/a", "at the end"],
    ["/a*", "stands alone"],
    ["/:", "no parameter"],
    ["/:1a", "no parameter"],
    ["/:a-b", "no parameter"],
    ["/:a?", "query"],
    ["/:x/:x", "twice"],
    ["/:x/:x*", "twice"],
    [`/${"a".repeat(1_024)}`, "at most 1024"],
  ])("refuses %j", (path, reason) => {
    expect(faultOf(path)).toContain(reason);
  });

  it.each(["/", "/a/", "/:x/", "/*", "/:all*", "/a.b/..c", "/~user", `/${"a".repeat(1_023)}`])(
    "takes %j",
    (path) => {
      expect(faultOf(path)).toBeUndefined();
    },
  );
});
