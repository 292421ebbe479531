import { describe, expect, it } from "vitest";
import type { FieldError } from "../../../src/lib/errors.ts";
import type { SecretPlace } from "../../../src/secrets/granted.ts";
import { checkPlaces } from "../../../src/secrets/manage/check-places.ts";
import { warningsOf } from "../../../src/secrets/manage/warnings.ts";
import { wideningFaults } from "../../../src/secrets/manage/widening.ts";
import { readTerms, writeTerms } from "../../../src/secrets/terms.ts";

describe("places", () => {
  const judge = (places: readonly string[]) => {
    const faults: FieldError[] = [];
    return { places: checkPlaces(places, faults), paths: faults.map(({ path }) => path) };
  };

  it("are headers by their lower-case name, query, path, form and json", () => {
    expect(judge(["header:X-Api-Key", "query", "path", "form", "json"])).toEqual({
      places: ["header:x-api-key", "query", "path", "form", "json"],
      paths: [],
    });
    expect(judge([])).toEqual({ places: [], paths: [] });
  });

  it.each([
    "",
    "header",
    "header:",
    "header:a b",
    "header:é",
    "header:a:b",
    "Header:a",
    "body",
    "QUERY",
    "url",
    "cookie",
  ])("are not %j", (place) => {
    expect(judge(["query", place]).paths).toEqual(["in.1"]);
  });

  it("stand once each, twenty at most", () => {
    expect(judge(["header:A", "query", "header:a"]).paths).toEqual(["in.2"]);
    expect(judge(Array.from({ length: 21 }, (_, index) => `header:h${index}`)).paths).toEqual(["in"]);
    expect(judge([`header:${"a".repeat(101)}`]).paths).toEqual(["in.0"]);
  });

  it("come back from their column as they went in; what is not readable gives nothing", () => {
    const terms = { hosts: ["a.com", "*.b.com"], places: ["query", "header:a"] } as const;
    expect(readTerms(writeTerms(terms))).toEqual(terms);
    expect(readTerms({ hosts: "{}", places: "[" })).toEqual({ hosts: [], places: [] });
    expect(readTerms({ hosts: "[1]", places: '["elsewhere"]' })).toEqual({ hosts: [], places: [] });
  });
});

describe("widening", () => {
  const pathsOf = (
    held: readonly [hosts: readonly string[], places: readonly SecretPlace[]],
    wanted: readonly [hosts: readonly string[], places: readonly SecretPlace[]],
  ): readonly string[] =>
    wideningFaults({ hosts: held[0], places: held[1] }, { hosts: wanted[0], places: wanted[1] }).map(
      ({ path }) => path,
    );

  it.each<[held: string[], wanted: string[], widens: boolean]>([
    [[], [], false],
    [["a.com"], [], false],
    [["a.com", "b.com"], ["b.com"], false],
    [["a.com", "b.com"], ["b.com", "a.com"], false],
    [["*.a.com"], ["x.a.com"], false],
    [["*.a.com"], ["x.y.a.com", "*.x.a.com", "*.a.com"], false],
    [["a.com:8443"], ["a.com:8443"], false],
    [[], ["a.com"], true],
    [["a.com"], ["b.com"], true],
    [["a.com"], ["a.com", "b.com"], true],
    [["a.com"], ["x.a.com"], true],
    [["a.com"], ["*.a.com"], true],
    [["a.com"], ["a.com:8443"], true],
    [["a.com:8443"], ["a.com"], true],
    [["*.a.com"], ["a.com"], true],
    [["*.a.com"], ["x.a.com:8443"], true],
    [["*.a.com"], ["xa.com"], true],
    [["*.a.com"], ["x-a.com"], true],
    [["*.a.com"], ["*.com"], true],
    [["*.x.a.com"], ["*.a.com"], true],
    [["*.a.com"], ["x.a.com.evil.com"], true],
    [["10.0.0.5"], ["10.0.0.5:80"], true],
  ])("from %j to %j: %s", (held, wanted, widens) => {
    expect(pathsOf([held, []], [wanted, []])).toEqual(widens ? ["hosts"] : []);
  });

  it.each<[held: SecretPlace[], wanted: SecretPlace[], widens: boolean]>([
    [["query", "path"], ["path"], false],
    [["query"], ["query", "path"], true],
    [["header:a"], ["header:b"], true],
    [[], ["header:authorization"], true],
    [["query"], [], false],
  ])("from places %j to %j: %s", (held, wanted, widens) => {
    expect(pathsOf([["a.com"], held], [["a.com"], wanted])).toEqual(widens ? ["in"] : []);
  });

  it("of both is told for both, by name", () => {
    const faults = wideningFaults(
      { hosts: ["a.com"], places: [] },
      { hosts: ["a.com", "b.com"], places: ["query"] },
    );
    expect(faults.map(({ message }) => message.split(":")[0])).toEqual(["b.com", "query"]);
  });
});

describe("warnings of a save", () => {
  const AUTHORIZATION = ["header:authorization"] as const;
  const pathsOf = (more: Partial<Parameters<typeof warningsOf>[0]>): readonly string[] =>
    warningsOf({ hosts: ["a.com"], places: AUTHORIZATION, bytes: 20, value: undefined, ...more }).map(
      ({ path }) => path,
    );

  it("are none for a secret that does what it seems to", () => {
    expect(pathsOf({})).toEqual([]);
    expect(pathsOf({ value: "a value of 20 bytes." })).toEqual([]);
    expect(pathsOf({ hosts: ["a.com"], places: ["query"], value: "-----BEGIN\nKEY\n-----END\n" })).toEqual(
      [],
    );
  });

  it("name what is short, goes nowhere, or cannot stand where it may go", () => {
    expect(pathsOf({ bytes: 7 })).toEqual(["value"]);
    expect(pathsOf({ hosts: [] })).toEqual(["hosts"]);
    expect(pathsOf({ hosts: [], places: [] })).toEqual(["hosts"]);
    expect(pathsOf({ places: [] })).toEqual(["in"]);
    expect(pathsOf({ places: ["query", "header:host", "header:content-length"] })).toEqual(["in.1", "in.2"]);
    for (const value of ["two\nlines", "two\rlines", "nul\0nul", "größer ✓"]) {
      expect(pathsOf({ value })).toEqual(["value"]);
      expect(pathsOf({ value, places: ["json"] })).toEqual([]);
      expect(pathsOf({ value, hosts: [] })).toEqual(["hosts"]);
    }
    expect(pathsOf({ value: " padded" })).toEqual(["value"]);
  });

  it("never hold the value", () => {
    const value = " s3cr3t\0";
    const told = warningsOf({ hosts: ["a.com"], places: AUTHORIZATION, bytes: 4, value });
    expect(told.length).toBeGreaterThan(1);
    expect(JSON.stringify(told)).not.toContain("s3cr3t");
  });
});
